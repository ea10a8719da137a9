// Weights out of an HDF5 file, whichever of the two layouts it has.

import { BitLensError } from '../../../errors.ts';
import type { Hdf5File } from '../../hdf5.ts';
import type { KerasModel } from '../model.ts';
import { fillFromKerasV3, isKerasV3 } from './kerasV3H5.ts';
import { fillFromLegacyH5, legacyRoot } from './legacyH5.ts';
import type { Variable } from './variable.ts';

/** @throws `missing-weights` when the file holds no (or not all) weights, `bad-file` when they do not fit */
export function fillFromHdf5(file: Hdf5File, model: KerasModel, variables: readonly Variable[]): void {
  if (variables.length === 0) return;
  const root = legacyRoot(file);
  if (root !== undefined) fillFromLegacyH5(file, root, model, variables);
  else if (isKerasV3(file)) fillFromKerasV3(file, model, variables);
  else
    throw new BitLensError(
      'missing-weights',
      ['{0} holds no Keras weights.', file.name],
      ['Give a file that model.save_weights() or model.save() wrote.'],
    );
}
