// The op table of TensorFlow Lite: the operators that are read, by the name of the format. To add one: a row here, in the
// file of its kind.

import type { Rows } from '../call.ts';
import { activationRows } from './activation.ts';
import { arithmeticRows } from './arithmetic.ts';
import { convolutionRows } from './convolution.ts';
import { gatheringRows } from './gathering.ts';
import { linearRows } from './linear.ts';
import { poolingRows } from './pooling.ts';
import { quantizingRows } from './quantizing.ts';
import { recurrentRows } from './recurrent.ts';
import { reductionRows } from './reduction.ts';
import { shapeRows } from './shape.ts';
import { slicingRows } from './slicing.ts';
import { spaceRows } from './space.ts';

export const rows: Rows = {
  ...activationRows,
  ...arithmeticRows,
  ...convolutionRows,
  ...gatheringRows,
  ...linearRows,
  ...poolingRows,
  ...quantizingRows,
  ...recurrentRows,
  ...reductionRows,
  ...shapeRows,
  ...slicingRows,
  ...spaceRows,
};

/** These choose among values or move them: what is on a grid stays on it. */
export const MOVING: ReadonlySet<string> = new Set([
  'BATCH_TO_SPACE_ND',
  'BROADCAST_TO',
  'CONCATENATION',
  'DEPTH_TO_SPACE',
  'EXPAND_DIMS',
  'GATHER',
  'GATHER_ND',
  'MAXIMUM',
  'MAX_POOL_2D',
  'MINIMUM',
  'MIRROR_PAD',
  'PACK',
  'PAD',
  'QUANTIZE',
  'REDUCE_MAX',
  'REDUCE_MIN',
  'RESHAPE',
  'RESIZE_NEAREST_NEIGHBOR',
  'REVERSE_V2',
  'SLICE',
  'SPACE_TO_BATCH_ND',
  'SPACE_TO_DEPTH',
  'SPLIT',
  'SPLIT_V',
  'SQUEEZE',
  'STRIDED_SLICE',
  'TILE',
  'TRANSPOSE',
  'UNPACK',
]);

/** These average codes, where input and output have the same grid. */
export const AVERAGING: ReadonlySet<string> = new Set(['AVERAGE_POOL_2D', 'MEAN', 'RESIZE_BILINEAR']);

/** Why an operator that is not in the table cannot be read, where there is something to say. */
export const REASONS: Readonly<Record<string, string>> = {
  WHILE:
    'a loop: of a recurrent layer, convert the model with unroll=True, or so that the converter fuses its LSTM',
  IF: 'a branch that the input chooses',
  SVDF: 'it keeps its state from one sample to the next',
  LSTM: 'a single step of a cell that keeps its state from one sample to the next',
  RNN: 'a single step of a cell that keeps its state from one sample to the next',
  VAR_HANDLE: 'a variable that lives from one sample to the next',
  READ_VARIABLE: 'a variable that lives from one sample to the next',
  ASSIGN_VARIABLE: 'a variable that lives from one sample to the next',
  CALL_ONCE: 'it initializes variables that live from one sample to the next',
  DENSIFY: 'parameters stored sparse',
  CONV_3D: 'convolutions over three axes',
  DELEGATE: 'it runs on the accelerator that the model was compiled for',
};
