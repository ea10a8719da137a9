// TensorFlow Lite models (.tflite), also called LiteRT.

import { BitLensError } from '../../errors.ts';
import type { Graph } from '../../ir/graph.ts';
import type { ByteSource, Importer, OpenOptions } from '../importer.ts';
import { oneSampleFirst } from '../inputShape.ts';
import { startsWith } from '../bytes.ts';
import { buildGraph } from './buildGraph.ts';
import { hasFixedBatch } from './inputs.ts';
import { readModel } from './readModel.ts';

/** `TFL3`, behind the offset of the root table. */
const IDENTIFIER = [0x54, 0x46, 0x4c, 0x33];

export const tflite: Importer = {
  id: 'tflite',
  title: 'TensorFlow Lite model (.tflite)',
  extensions: ['.tflite'],
  match: (head) => startsWith(head.subarray(4), IDENTIFIER),
  open: (source, options) => Promise.resolve().then(() => open(source, options)),
};

function open(source: ByteSource, { inputShapes: given }: OpenOptions): Graph {
  if (!startsWith(source.readNow(0, Math.min(8, source.size)).subarray(4), IDENTIFIER))
    throw new BitLensError(
      'bad-file',
      ['{0} is not a TensorFlow Lite model: it does not begin with TFL3 at byte 4.', source.name],
      ['Copy the file again, or convert the model again.'],
    );
  const model = readModel(source);
  const read = (batchFirst: boolean): Graph => buildGraph(source, model, { given, batchFirst });
  if (!hasFixedBatch(model)) return read(true);
  return oneSampleFirst(
    () => read(true),
    () => read(false),
  );
}
