// The architecture part of a Keras file in one form, whatever version wrote it: a model is a list of layers with
// the calls that connect them. Sequential models become chains; models used as layers stay nested.

import type { JsonObject } from '../../jsonObject.ts';

/** Output `tensor` of the `call`-th call of a layer of the same model. */
export interface TensorRef {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

/** Operators (`x + 1`) also take constants. */
export type Argument = TensorRef | number;

export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: JsonObject;
  /** Python module of the class; empty where the format does not say. */
  readonly module: string;
  /** `package>Class` of a class registered by a user. */
  readonly registeredName: string;
  /** Arguments of each call, in order. An input layer has none. */
  readonly calls: readonly (readonly Argument[])[];
  /** The layers inside, when the layer is itself a model. */
  readonly model?: KerasModel | undefined;
}

export interface KerasModel {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

/** What decides how a configuration is read. */
export interface KerasSource {
  /** File that is being read, for messages. */
  readonly file: string;
  /** Major version of the Keras that wrote it; TF.js counts as 2. */
  readonly keras: 2 | 3;
}

export const INPUT_LAYER = 'InputLayer';
