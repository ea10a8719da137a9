// LayerNormalization, GroupNormalization and UnitNormalization.
// Reference: keras/src/layers/normalization/{layer,group,unit}_normalization.py.

import type { Config } from '../config.ts';
import { inputOf, refuse, type LayerKind, type Tensor } from '../scope.ts';
import { channelsOf } from '../spatial.ts';
import { isLastAxis } from './normalization.ts';

export const layerNormalization: LayerKind = {
  check: (config) => (config.flag('rms_scaling', false) ? refuse('RMS scaling') : undefined),
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const axes = axesOf(config, input);
    const first = input.shape.length - axes.length;
    if (axes.some((axis, at) => axis !== first + at))
      return refuse('normalizes other axes than the last ones');
    const shape = input.shape.slice(first);
    const gamma = config.flag('scale', true) ? scope.weight('gamma', shape) : undefined;
    const beta = config.flag('center', true) ? scope.weight('beta', shape) : undefined;
    const epsilon = config.number('epsilon', 1e-3);
    const op = { kind: 'layerNorm', axes: axes.length, gamma, beta, epsilon } as const;
    return scope.emit(op, [input], input.shape);
  },
};

export const groupNormalization: LayerKind = {
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    if (!isLastAxis(config.raw('axis') ?? -1, input.shape))
      return refuse('groups another axis than the last');
    const channels = channelsOf(input.shape);
    // −1: a group for each channel.
    const groups = config.raw('groups') === -1 ? channels : config.count('groups', 32);
    if (channels % groups !== 0) throw config.bad('groups');
    const gamma = config.flag('scale', true) ? scope.weight('gamma', [channels]) : undefined;
    const beta = config.flag('center', true) ? scope.weight('beta', [channels]) : undefined;
    const epsilon = config.number('epsilon', 1e-3);
    return scope.emit({ kind: 'groupNorm', groups, gamma, beta, epsilon }, [input], input.shape);
  },
};

/** x / √max(Σ x², 1e-12) */
export const unitNormalization: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    const axes = axesOf(scope.config, input);
    const reduced = input.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
    const square = scope.emit({ kind: 'merge', fn: 'multiply' }, [input, input], input.shape);
    const sum = scope.emit({ kind: 'reduce', fn: 'sum', axes }, [square], reduced);
    const activation = { fn: 'clip', low: 1e-12, high: Infinity } as const;
    const bounded = scope.emit({ kind: 'activation', activation }, [sum], reduced);
    const length = scope.emit({ kind: 'map', fn: 'sqrt' }, [bounded], reduced);
    return scope.emit({ kind: 'merge', fn: 'divide' }, [input, length], input.shape);
  },
};

/** Ascending, batch not counted. Files count them with the batch axis, some from the end. */
function axesOf(config: Config, { shape }: Tensor): readonly number[] {
  const raw = config.raw('axis') ?? -1;
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const axes = list.map((axis) =>
    typeof axis !== 'number' ? NaN : axis < 0 ? axis + shape.length : axis - 1,
  );
  const valid = (axis: number) => Number.isInteger(axis) && axis >= 0 && axis < shape.length;
  if (axes.length === 0 || !axes.every(valid) || new Set(axes).size < axes.length) throw config.bad('axis');
  return axes.toSorted((a, b) => a - b);
}
