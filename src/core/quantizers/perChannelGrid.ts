// Several quantizers of uniform grids, one per entry of the last axis, as one quantizer. The backend takes a grid only
// where it serves a whole tensor, so the result has none.

import { BitLensError } from '../errors.ts';
import { fakeQuantize, type Grid } from './grid.ts';
import type { Quantizer } from './quantizer.ts';

/** @throws `unsupported` when one of several has no uniform grid */
export function perChannelGrid(quantizers: readonly Quantizer[]): Quantizer {
  const [first] = quantizers;
  if (quantizers.length === 1) return first!;
  const grids = quantizers.map(({ grid, text }) => {
    if (grid) return grid;
    throw new BitLensError('unsupported', ['{0} for each channel has no uniform grid', text]);
  });
  const grid: Grid = {
    scale: Float32Array.from(grids, ({ scale }) => scale[0]!),
    low: Float32Array.from(grids, ({ low }) => low[0]!),
    high: Float32Array.from(grids, ({ high }) => high[0]!),
    zero: new Int32Array(grids.length),
    bipolar: grids[0]!.bipolar,
    inner: 1,
  };
  return {
    text: `${first!.text} per channel`,
    bits: Math.max(...quantizers.map(({ bits }) => bits)),
    apply: (values) => fakeQuantize(values, grid),
  };
}
