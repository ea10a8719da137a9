// What to do with a file that has weights but no network BitLens can run: the two ways out of PyTorch.

import { BitLensError, type Sentence } from '../../errors.ts';

export const EXPORT_ADVICE: readonly Sentence[] = [
  ['torch.export.save(torch.export.export(model, (example,)), "model.pt2")'],
  ['torch.onnx.export(model, (example,), "model.onnx")'],
];

const HINT: Sentence = [
  'Export the network with one of these lines, and open what it writes: {0}   or   {1}',
  EXPORT_ADVICE[0]![0],
  EXPORT_ADVICE[1]![0],
];

export const withoutGraph = (what: Sentence): BitLensError => new BitLensError('unsupported', what, HINT);
