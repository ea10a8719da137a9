// The error for a file whose parts contradict each other: Keras would not have written it.

import { BitLensError, type Sentence } from '../../errors.ts';

export function damaged(what: Sentence): BitLensError {
  return new BitLensError('bad-file', what, ['The file is damaged or was edited; save the model again.']);
}
