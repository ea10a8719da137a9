// What the builder says when a file asks for the impossible, and when it asks for what is not there yet.

import { BitLensError, say, type Sentence } from '../../errors.ts';
import type { TensorGraph } from './tensorGraph.ts';

/** The file contradicts itself: shapes that do not fit, an axis that is not there. */
export function impossible(g: TensorGraph, reason: Sentence): BitLensError {
  return new BitLensError(
    'bad-file',
    ['{0}: layer {1}: {2}', g.file, currentLayer(g), say(reason)],
    ['Export the model again.'],
  );
}

/** Sound, but BitLens does not do it. Importers list the reason beside the op. */
export function notSupported(g: TensorGraph, reason: Sentence): BitLensError {
  return new BitLensError('unsupported', ['{0}: layer {1}: {2}', g.file, currentLayer(g), say(reason)]);
}

const currentLayer = (g: TensorGraph): string => g.layers[g.current]?.id ?? '';
