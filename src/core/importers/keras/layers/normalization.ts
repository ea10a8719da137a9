// BatchNormalization, and the layers that scale by constants: Rescaling and Normalization.

import type { Shape, Weight } from '../../../ir/graph.ts';
import { plainNumber, type Config } from '../config.ts';
import { inputOf, refuse, type LayerKind, type Scope } from '../scope.ts';
import { channelsOf } from '../spatial.ts';

export const batchNorm: LayerKind = {
  check: (config) => (config.flag('renorm', false) ? refuse('batch renormalization') : undefined),
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    if (!isLastAxis(config.raw('axis') ?? -1, input.shape))
      return refuse('normalizes another axis than the last');
    const shape = [channelsOf(input.shape)];
    const gamma = config.flag('scale', true) ? scope.weight('gamma', shape) : undefined;
    const beta = config.flag('center', true) ? scope.weight('beta', shape) : undefined;
    const mean = scope.weight('moving_mean', shape, { trainable: false });
    const variance = scope.weight('moving_variance', shape, { trainable: false });
    const epsilon = config.number('epsilon', 1e-3);
    return scope.emit({ kind: 'batchNorm', gamma, beta, mean, variance, epsilon }, [input], input.shape);
  },
};

/** y = x · scale + offset with constants of the configuration. */
export const rescaling: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    const channels = channelsOf(input.shape);
    const scale = constantOf(scope.config, 'scale', 1, channels);
    const offset = constantOf(scope.config, 'offset', 0, channels);
    return scope.emit({ kind: 'affine', scale, offset }, [input], input.shape);
  },
};

/** Keras's `backend.epsilon()`, which bounds the standard deviation from below. */
const EPSILON = 1e-7;

/** y = (x − mean) / max(√variance, 1e-7), or its inverse. Reference: keras/src/layers/preprocessing/normalization.py. */
export const normalization: LayerKind = {
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const axis = config.raw('axis');
    const whole = axis === null || (Array.isArray(axis) && axis.length === 0);
    if (!whole && !isLastAxis(axis ?? -1, input.shape))
      return refuse('normalizes another axis than the last');
    const { mean, variance } = statistics(scope, whole ? [] : [channelsOf(input.shape)]);
    const deviation = (at: number) => Math.max(Math.sqrt(variance.read()[at]!), EPSILON);
    const inverse = config.flag('invert', false);
    const scale = derived(`${config.name}/scale`, mean.shape, (at) =>
      inverse ? deviation(at) : 1 / deviation(at),
    );
    const offset = derived(`${config.name}/offset`, mean.shape, (at) =>
      inverse ? mean.read()[at]! : -mean.read()[at]! / deviation(at),
    );
    return scope.emit({ kind: 'affine', scale, offset }, [input], input.shape);
  },
};

function statistics(scope: Scope, shape: Shape): { mean: Weight; variance: Weight } {
  const { config } = scope;
  const given = config.raw('mean');
  if (given !== undefined && given !== null) {
    const channels = shape[0] ?? 1;
    return {
      mean: constantOf(config, 'mean', 0, channels),
      variance: constantOf(config, 'variance', 1, channels),
    };
  }
  const mean = scope.weight('mean', shape, { trainable: false });
  const variance = scope.weight('variance', shape, { trainable: false });
  scope.skip('count', []);
  return { mean, variance };
}

/** A number, or (nested lists of) one number per channel. */
function constantOf(config: Config, key: string, fallback: number, channels: number): Weight {
  const raw = config.raw(key);
  const value = raw === undefined || raw === null ? fallback : raw;
  const list: readonly unknown[] = Array.isArray(value) ? (value as unknown[]).flat(Infinity) : [value];
  const values = list.map((entry) => plainNumber(entry) ?? NaN);
  if (!values.every(Number.isFinite) || ![1, channels].includes(values.length)) throw config.bad(key);
  return derived(`${config.name}/${key}`, Array.isArray(value) ? [values.length] : [], (at) => values[at]!);
}

function derived(name: string, shape: Shape, value: (at: number) => number): Weight {
  const length = shape[0] ?? 1;
  return { name, shape, read: () => Float32Array.from({ length }, (_, at) => value(at)) };
}

/** Axes are counted with the batch axis; Keras 2 writes them as a list. */
export function isLastAxis(axis: unknown, shape: Shape): boolean {
  const single: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis;
  return single === -1 || single === shape.length;
}
