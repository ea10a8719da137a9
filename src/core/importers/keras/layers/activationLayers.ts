// Layers that are an activation function, some with parameters.

import { activationOf, checkActivation, elu, relu, type ActivationLike } from '../activations.ts';
import type { Config } from '../config.ts';
import { inputOf, refuse, type LayerKind, type Scope, type Tensor } from '../scope.ts';
import { isLastAxis } from './normalization.ts';

export const activation: LayerKind = {
  check: checkActivation,
  build(scope) {
    const op = activationOf(scope.config.raw('activation'), scope.config.keras);
    return 'refused' in op ? op : elementwise(scope, op);
  },
};

export const reluLayer = layer((config) =>
  relu(
    config.number('negative_slope', 0),
    config.raw('max_value') == null ? undefined : config.number('max_value'),
    config.number('threshold', 0),
  ),
);

/** Keras 2 says alpha, Keras 3 negative_slope. */
export const leakyRelu = layer((config) =>
  relu(config.number('negative_slope', config.number('alpha', 0.3))),
);

export const eluLayer = layer((config) => elu(config.number('alpha', 1)));

/** x where x > theta, else 0. Reference: tf_keras/src/layers/activation/thresholded_relu.py. */
export const thresholdedRelu = layer((config) => relu(0, undefined, config.number('theta', 1)));

export const softmax: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    const axis = scope.config.raw('axis') ?? -1;
    if (isLastAxis(axis, input.shape)) return elementwise(scope, { kind: 'softmax', log: false });
    const at = Array.isArray(axis) && axis.length === 1 ? Number(axis[0]) : Number(axis);
    const place = at < 0 ? at + input.shape.length : at - 1;
    if (Array.isArray(axis) && axis.length > 1) return refuse('softmax over several axes');
    if (!Number.isInteger(place) || place < 0 || place >= input.shape.length) throw scope.config.bad('axis');
    return softmaxAlong(scope, input, place);
  },
};

/** The axis trades places with the last one, and back. */
function softmaxAlong(scope: Scope, input: Tensor, axis: number): Tensor {
  const last = input.shape.length - 1;
  const order = input.shape.map((_, at) => (at === axis ? last : at === last ? axis : at));
  const shape = order.map((at) => input.shape[at]!);
  const there = scope.emit({ kind: 'permute', order }, [input], shape);
  const soft = scope.emit({ kind: 'softmax', log: false }, [there], shape);
  return scope.emit({ kind: 'permute', order }, [soft], input.shape);
}

export const prelu: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    const shared = scope.config.raw('shared_axes') ?? [];
    if (!Array.isArray(shared)) throw scope.config.bad('shared_axes');
    // Axes are counted with the batch axis.
    const alpha = scope.weight(
      'alpha',
      input.shape.map((extent, axis) => (shared.includes(axis + 1) ? 1 : extent)),
    );
    return scope.emit({ kind: 'prelu', alpha }, [input], input.shape);
  },
};

function layer(opOf: (config: Config) => ActivationLike): LayerKind {
  return { build: (scope) => elementwise(scope, opOf(scope.config)) };
}

function elementwise(scope: Scope, op: ActivationLike): Tensor {
  const input = inputOf(scope);
  return scope.emit(op, [input], input.shape);
}
