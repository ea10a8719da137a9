// From the parsed JSON of an architecture to a graph whose weights are still to be filled.

import { BitLensError } from '../../errors.ts';
import { isObject } from '../../jsonObject.ts';
import type { OpenOptions } from '../importer.ts';
import { buildGraph, type BuiltModel } from './buildGraph.ts';
import type { KerasModel } from './model.ts';
import { parseModel } from './parseModel.ts';

export interface Architecture extends BuiltModel {
  readonly model: KerasModel;
}

/**
 * @param root `{class_name, config}`
 * @param version of Keras as the file states it; where it does not, only Keras 3 notes the module of a class
 * @param framework for Graph.framework where `Keras <version>` is not right
 */
export function readArchitecture(
  file: string,
  root: unknown,
  version: string | undefined,
  { inputShapes }: OpenOptions,
  framework?: string,
): Architecture {
  if (version?.startsWith('1.') || version?.startsWith('0.'))
    throw new BitLensError(
      'unsupported',
      ['{0} was saved by Keras {1}; Keras 2 and 3 are supported.', file, version],
      ['Load it with Keras 2 and save it again.'],
    );
  const guess = isObject(root) && typeof root['module'] === 'string' ? 3 : 2;
  const keras = version === undefined ? guess : version.startsWith('2.') ? 2 : 3;
  const model = parseModel(root, file);
  return {
    model,
    ...buildGraph(model, { file, keras }, framework ?? `Keras ${version ?? keras}`, inputShapes),
  };
}
