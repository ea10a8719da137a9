// The op table: one row for each op of TensorFlow that computes. To add an op: a row in the file of its family.

import type { OpRows } from '../call.ts';
import { activationRows } from './activations.ts';
import { arithmeticRows } from './arithmetic.ts';
import { blockRows } from './blocks.ts';
import { kernelRows } from './convolution.ts';
import { indexingRows } from './indexing.ts';
import { movingRows } from './moving.ts';
import { poolingRows } from './pooling.ts';
import { quantizerRows } from './quantizers.ts';
import { reductionRows } from './reductions.ts';
import { resizingRows } from './resizing.ts';
import { shapingRows } from './shaping.ts';

export const opRows: OpRows = {
  ...arithmeticRows,
  ...activationRows,
  ...kernelRows,
  ...poolingRows,
  ...reductionRows,
  ...shapingRows,
  ...movingRows,
  ...indexingRows,
  ...resizingRows,
  ...blockRows,
  ...quantizerRows,
};
