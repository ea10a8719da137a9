// From the formats of a plan to the quantizers the executor puts in place.

import type { Prepared } from '../core/ir/prepare.ts';
import { outputChannels } from '../core/ir/foldBatchNorm.ts';
import type { NodeId } from '../core/ir/graph.ts';
import { isKernel } from '../core/ir/opFacts.ts';
import type { Slot } from '../core/ir/slots.ts';
import { parameterGrid } from '../core/quantizers/families.ts';
import { parameterValues } from '../core/quantizers/formatTable.ts';
import { printFormat, type Format } from '../core/quantizers/format.ts';
import { intGrid, selfContainedGrid, type Grid } from '../core/quantizers/grid.ts';
import { integerEncoding, type RangeMethod, type ValueStatistics } from '../core/quantizers/range.ts';
import type { Assignment, NodeQuantizers, Quantizer } from './backend/schedule.ts';

export interface Assigner {
  /** Slots without an entry, and float32 ones, stay float. */
  assign(formats: ReadonlyMap<string, Format>): Assignment;
  /** Grid of a slot in a format; undefined for float32. Computed once. */
  grid(slot: Slot, format: Format): Grid | undefined;
}

/** @param activations calibration statistics: they set the range of integer formats that carry no scale */
export function createAssigner(
  { graph, slots }: Prepared,
  range: RangeMethod,
  activations: (slot: Slot) => ValueStatistics,
): Assigner {
  const grids = new Map<string, Grid | undefined>();

  const makeGrid = (slot: Slot, format: Format): Grid | undefined => {
    if (slot.kind === 'weight' || slot.kind === 'bias') {
      const { op } = graph.nodes[slot.nodes[0]!]!;
      const values = parameterValues(graph, slot);
      const layout =
        slot.kind === 'weight' && isKernel(op) ? outputChannels(op) : { channels: values.length, inner: 1 };
      return parameterGrid(format, values, layout, range);
    }
    if (format.kind !== 'int' || format.scale !== undefined) return selfContainedGrid(format);
    const { scale, zero } = integerEncoding(activations(slot), format, range);
    return intGrid(format, Float32Array.of(scale), Int32Array.of(zero), { channels: 1, inner: 1 });
  };

  const grid = (slot: Slot, format: Format): Grid | undefined => {
    const key = `${slot.id} ${printFormat(format)}`;
    if (!grids.has(key)) grids.set(key, makeGrid(slot, format));
    return grids.get(key);
  };

  return {
    grid,
    assign(formats) {
      const assignment = new Map<NodeId, NodeQuantizers>();
      for (const [id, format] of formats) {
        const slot = slots.byId.get(id)!;
        const made = grid(slot, format);
        if (!made) continue;
        const quantizer: Quantizer = { format: printFormat(format), grid: made };
        const place = slot.kind === 'weight' || slot.kind === 'bias' ? slot.kind : 'output';
        for (const node of slot.nodes) assignment.set(node, { ...assignment.get(node), [place]: quantizer });
      }
      return assignment;
    },
  };
}
