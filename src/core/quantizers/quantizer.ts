// A quantizer that a model file brings along: what it does to a tensor, and how to name it. Importers make them;
// the executor applies them where the file has them ("as trained").

import type { Shape } from '../ir/graph.ts';
import type { Format } from './format.ts';
import type { Grid } from './grid.ts';

export interface Quantizer {
  /** As the file spells it: `quantized_bits(6,0,alpha=1)`, `int8 scale=0.0235 zero=-128`, `Quant<4,signed>`. */
  readonly text: string;
  /** Bits of storage per element. */
  readonly bits: number;
  /** The same in our grammar; absent when it has no word for it. */
  readonly format?: Format | undefined;
  /** Present when one uniform grid serves the whole tensor: the backend applies it without leaving its memory. */
  readonly grid?: Grid | undefined;
  /**
   * The values on the grid, in a new array.
   * @param values row-major
   * @param shape of the values; an activation has its batch axis first
   */
  apply(values: Float32Array, shape: Shape): Float32Array;
}
