// What a network takes of an FPGA.

import type { Costs, Part } from './costs.ts';

/** Costs that a part has a limited number of, in the order tables show them. */
export const AREAS = ['lut', 'dsp', 'ff', 'bram'] as const;

export type Area = (typeof AREAS)[number];

/** Share of the part's resources, where the cost is known; 1 is all of it. */
export function utilization(costs: Costs, part: Part): Readonly<Partial<Record<Area, number>>> {
  return Object.fromEntries(
    AREAS.flatMap((name) => {
      const used = costs[name];
      return used === undefined ? [] : [[name, used / part[name]]];
    }),
  );
}

/** Resources of which more are needed than the part has. */
export function exceeded(costs: Costs, part: Part): readonly Area[] {
  return AREAS.filter((name) => (costs[name] ?? 0) > part[name]);
}
