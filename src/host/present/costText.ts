// A cost as lenses and sentences print it: `312 LUT`, `2.38M BOPs`.

import { COSTS, type CostName, type Costs } from '../../core/cost/costs.ts';
import { compact } from './numbers.ts';
import type { Translate } from './translate.ts';

/** `Model size`. */
export function costTitle(name: CostName, t: Translate): string {
  return t(COSTS.find(({ id }) => id === name)!.title);
}

/** @param value printed to three digits, or as it is when it is text already */
export function costText(name: CostName, value: number | string, t: Translate): string {
  const amount = typeof value === 'number' ? compact(value) : value;
  switch (name) {
    case 'bops':
      return t('{0} BOPs', amount);
    case 'bits':
      return t('{0} bits', amount);
    case 'energy':
      return t('{0} pJ', amount);
    case 'lut':
      return t('{0} LUT', amount);
    case 'dsp':
      return t('{0} DSP', amount);
    case 'ff':
      return t('{0} FF', amount);
    case 'bram':
      return t('{0} BRAM18', amount);
    case 'latency':
      return t('{0} cycles latency', amount);
    case 'ii':
      return t('{0} cycles II', amount);
  }
}

/** `50k LUT, 100 DSP`; empty when there is none. */
export function costList(costs: Costs, t: Translate): string {
  return Object.entries(costs)
    .map(([name, value]) => costText(name as CostName, value, t))
    .join(', ');
}
