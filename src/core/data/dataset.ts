// Calibration and test data, whatever file they come from.

import type { Shape } from '../ir/graph.ts';

/** Samples that fit a model: every input bound, shapes checked, scale and offset applied. */
export interface Dataset {
  /** One line for the user: `digits.npz: x_test uint8 1000×28×28, y_test`. */
  readonly description: string;
  readonly count: number;
  /** Sample shape of each network input, in the order of Graph.inputs. */
  readonly shapes: readonly Shape[];
  /** Class index of each sample. */
  readonly labels?: Int32Array | undefined;
  /** What was assumed and should be said with every result: `28×28 reshaped to 28×28×1`, `synthetic calibration (seed 1)`. */
  readonly notes: readonly string[];
  /**
   * Samples start … start + length − 1, one array per network input, row-major with the batch axis first.
   * Throws `bad-data` when a value is NaN or infinite, naming the sample.
   */
  batch(start: number, length: number): Promise<readonly Float32Array[]>;
}
