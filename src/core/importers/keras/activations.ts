// Keras's activation functions as ops. The same names serve `activation=` of a layer and the Activation layer.
// Reference: keras/src/activations/activations.py (Keras 3), tf_keras/src/activations.py (Keras 2), TF.js 4.22.

import type { Activation, Op } from '../../ir/ops.ts';
import { isObject } from '../../jsonObject.ts';
import { plainNumber, type Config } from './config.ts';
import { refuse, type Refusal, type Scope, type Tensor } from './scope.ts';

export type ActivationLike = Extract<Op, { kind: 'activation' | 'softmax' | 'identity' }>;

const act = (activation: Activation): ActivationLike => ({ kind: 'activation', activation });

export const relu = (slope: number, max?: number, threshold = 0): ActivationLike =>
  act({ fn: 'relu', slope, threshold, ...(max === undefined ? {} : { max }) });

export const elu = (alpha: number): ActivationLike => act({ fn: 'elu', alpha });

const SIMPLE: Readonly<Record<string, ActivationLike>> = {
  linear: { kind: 'identity' },
  softmax: { kind: 'softmax', log: false },
  log_softmax: { kind: 'softmax', log: true },
  relu: relu(0),
  relu6: relu(0, 6),
  leaky_relu: relu(0.2),
  elu: elu(1),
  celu: act({ fn: 'celu', alpha: 1 }),
  gelu: act({ fn: 'gelu', approximate: false }),
  // TF.js's name for the approximation with tanh.
  gelu_new: act({ fn: 'gelu', approximate: true }),
  sigmoid: act({ fn: 'sigmoid' }),
  tanh: act({ fn: 'tanh' }),
  selu: act({ fn: 'selu' }),
  softplus: act({ fn: 'softplus' }),
  softsign: act({ fn: 'softsign' }),
  silu: act({ fn: 'silu' }),
  swish: act({ fn: 'silu' }),
  hard_silu: act({ fn: 'hardSilu' }),
  hard_swish: act({ fn: 'hardSilu' }),
  mish: act({ fn: 'mish' }),
  exponential: act({ fn: 'exponential' }),
  hard_tanh: act({ fn: 'hardTanh' }),
  log_sigmoid: act({ fn: 'logSigmoid' }),
};

/** Keras 3 changed the slope. */
const hardSigmoid = (keras: 2 | 3): ActivationLike =>
  act({ fn: 'hardSigmoid', slope: keras === 3 ? 1 / 6 : 0.2, offset: 0.5 });

/**
 * @param value a name, nothing (linear), a tagged function, or an activation layer: `{class_name: "LeakyReLU", config}`
 */
export function activationOf(value: unknown, keras: 2 | 3): ActivationLike | Refusal {
  if (value === undefined || value === null) return SIMPLE['linear']!;
  if (isObject(value)) return activationObject(value, keras);
  if (typeof value !== 'string') return refuse(`activation ${JSON.stringify(value)} is unknown`);
  const known =
    value === 'hard_sigmoid' ? hardSigmoid(keras) : Object.hasOwn(SIMPLE, value) ? SIMPLE[value] : undefined;
  return known ?? refuse(`activation "${value}" is unknown`);
}

function activationObject(value: Readonly<Record<string, unknown>>, keras: 2 | 3): ActivationLike | Refusal {
  const className = String(value['class_name']);
  if (className === 'function') return activationOf(value['config'], keras);
  const config = isObject(value['config']) ? value['config'] : {};
  const number = (key: string) => plainNumber(config[key]);
  switch (className) {
    case 'ReLU':
      return relu(number('negative_slope') ?? 0, number('max_value'), number('threshold') ?? 0);
    case 'LeakyReLU':
      return relu(number('negative_slope') ?? number('alpha') ?? 0.3);
    case 'ELU':
      return elu(number('alpha') ?? 1);
    default:
      return refuse(`activation ${className} is not one of Keras`);
  }
}

/** The check of every kind of layer with an `activation` argument. */
export function checkActivation(config: Config): Refusal | undefined {
  const op = activationOf(config.raw('activation'), config.keras);
  return 'refused' in op ? op : undefined;
}

/** Adds the function that `activation=` names as a second op of the layer. */
export function activated(scope: Scope, tensor: Tensor): Tensor | Refusal {
  const op = activationOf(scope.config.raw('activation'), scope.config.keras);
  if ('refused' in op) return op;
  return op.kind === 'identity' ? tensor : scope.emit(op, [tensor], tensor.shape);
}
