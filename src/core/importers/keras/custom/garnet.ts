// GarNet, the graph layer with learned aggregators of calorimeter networks, in its simplified form:
//   e = mask · exp(−S(x)²), a = mean over vertices of e · F(x), y = mask · out(e · a), collapsed over the vertices
// Reference: hls4ml/contrib/garnet.py; Qasim et al., arXiv 1902.07987; Iiyama et al., arXiv 2008.03601.

import type { Shape, Weight } from '../../../ir/graph.ts';
import { entryOf } from '../../entryOf.ts';
import { activationOf } from '../activations.ts';
import type { Config } from '../config.ts';
import {
  isRefusal,
  refuse,
  tensorsOf,
  type LayerKind,
  type Refusal,
  type Scope,
  type Tensor,
} from '../scope.ts';
import { channelsOf, spatialOf } from '../spatial.ts';

export const garnet: LayerKind = {
  check(config) {
    if (!config.flag('simplified', false)) return refuse('GarNet in its full form');
    if (config.flag('quantize_transforms', false)) return refuse('GarNet with quantized transforms');
    if (config.flag('mean_by_nvert', false))
      return refuse('GarNet with means over the vertices that are there');
    if (config.text('input_format', 'xn') !== 'xn')
      return refuse('GarNet on other inputs than (vertices, number)');
    return reasonAgainst(config);
  },
  build(scope) {
    const { config } = scope;
    const [x, number] = tensorsOf(scope);
    if (!x || x.shape.length !== 2 || number?.shape.length !== 1)
      throw config.wrong('is not called on vertices and their number');
    const [aggregators, propagated, filters] = (['n_aggregators', 'n_propagate', 'n_filters'] as const).map(
      (key) => config.count(key),
    ) as [number, number, number];
    const [vertices] = x.shape as [number, number];
    const mask = maskOf(scope, vertices, number);
    const features = dense(scope, 'FLR', x, propagated);
    const edges = edgesOf(scope, x, mask, aggregators);
    const transposed = emit(scope, { kind: 'permute', order: [1, 0] }, [edges], [aggregators, vertices]);
    const sum = emit(scope, { kind: 'matmul' }, [transposed, features], [aggregators, propagated]);
    const mean = affine(scope, sum, 1 / vertices);
    const wide = emit(scope, { kind: 'reshape' }, [edges], [vertices, aggregators, 1]);
    const spread = emit(
      scope,
      { kind: 'merge', fn: 'multiply' },
      [wide, mean],
      [vertices, aggregators, propagated],
    );
    const updated = emit(scope, { kind: 'reshape' }, [spread], [vertices, aggregators * propagated]);
    const out = activated(scope, activated(scope, dense(scope, 'Fout', updated, filters)));
    return collapsed(scope, multiply(scope, out, mask));
  },
};

function reasonAgainst(config: Config): Refusal | undefined {
  const activation = activationOf(config.raw('output_activation'), config.keras);
  if (isRefusal(activation)) return activation;
  const collapse = config.text('collapse', '');
  return collapse === '' || Object.hasOwn(COLLAPSE, collapse)
    ? undefined
    : refuse(`GarNet that collapses by ${collapse}`);
}

const COLLAPSE: Readonly<Record<string, 'mean' | 'sum' | 'max'>> = { mean: 'mean', sum: 'sum', max: 'max' };

const emit = (scope: Scope, ...[op, inputs, shape]: Parameters<Scope['emit']>): Tensor =>
  scope.emit(op, inputs, shape);

const multiply = (scope: Scope, a: Tensor, b: Tensor): Tensor =>
  emit(scope, { kind: 'merge', fn: 'multiply' }, [a, b], a.shape);

/** 1 for the vertices that are there: those before the (truncated) number. */
function maskOf(scope: Scope, vertices: number, number: Tensor): Tensor {
  const indices: Weight = {
    name: `${scope.config.name}/vertices`,
    shape: [vertices, 1],
    read: () => Float32Array.from({ length: vertices }, (_, vertex) => vertex),
  };
  const all = emit(scope, { kind: 'constant', value: indices }, [], indices.shape);
  const whole = emit(scope, { kind: 'map', fn: 'truncate' }, [number], number.shape);
  return emit(scope, { kind: 'merge', fn: 'less' }, [all, whole], indices.shape);
}

function edgesOf(scope: Scope, x: Tensor, mask: Tensor, aggregators: number): Tensor {
  const distance = dense(scope, 'S', x, aggregators);
  const square = affine(scope, multiply(scope, distance, distance), -1);
  return multiply(scope, emit(scope, { kind: 'map', fn: 'exp' }, [square], square.shape), mask);
}

function dense(scope: Scope, name: string, x: Tensor, units: number): Tensor {
  const kernel = scope.weight(`${name}_kernel`, [channelsOf(x.shape), units]);
  const bias = scope.weight(`${name}_bias`, [units]);
  return emit(scope, { kind: 'dense', kernel, bias }, [x], [...spatialOf(x.shape), units]);
}

/** The transform has the activation, and the layer applies it once more. */
function activated(scope: Scope, x: Tensor): Tensor {
  const op = activationOf(scope.config.raw('output_activation'), scope.config.keras);
  return isRefusal(op) || op.kind === 'identity' ? x : emit(scope, op, [x], x.shape);
}

function affine(scope: Scope, x: Tensor, factor: number): Tensor {
  const constant = (role: string, value: number): Weight => ({
    name: `${scope.config.name}/${role}`,
    shape: [],
    read: () => Float32Array.of(value),
  });
  const op = { kind: 'affine', scale: constant('scale', factor), offset: constant('offset', 0) } as const;
  return emit(scope, op, [x], x.shape);
}

function collapsed(scope: Scope, x: Tensor): Tensor {
  const fn = entryOf(COLLAPSE, scope.config.text('collapse', ''));
  const shape: Shape = [channelsOf(x.shape)];
  return fn ? emit(scope, { kind: 'reduce', fn, axes: [0] }, [x], shape) : x;
}
