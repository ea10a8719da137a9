// Collects the nodes, layers and variables of a graph while a model is walked.

import {
  elements,
  type GraphNode,
  type Layer,
  type NodeId,
  type Shape,
  type Weight,
} from '../../ir/graph.ts';
import type { Op } from '../../ir/ops.ts';
import { damaged } from './damaged.ts';
import type { KerasLayer, KerasSource } from './model.ts';
import type { Tensor } from './scope.ts';
import { settingsOf } from './settings.ts';
import { variableOf, type Variable, type WantedVariable } from './weights/variable.ts';

/** Values of one tensor per sample: 1 GiB as float32. */
const MAX_ELEMENTS = 2 ** 28;

/** A layer at its place in the nesting of models. */
export interface Place {
  /** Layer names from the outermost model inwards. */
  readonly path: readonly string[];
  readonly layer: KerasLayer;
}

interface OpenLayer {
  readonly id: string;
  readonly layer: KerasLayer;
  readonly nodes: NodeId[];
  readonly variables: Map<string, { readonly variable: Variable; readonly weight: Weight }>;
}

export interface GraphBuilder {
  readonly source: KerasSource;
  readonly nodes: GraphNode[];
  readonly open: OpenLayer[];
  /** Index in `open` by path as JSON. */
  readonly byPath: Map<string, number>;
  readonly ids: Set<string>;
}

export const graphBuilder = (source: KerasSource): GraphBuilder => ({
  source,
  nodes: [],
  open: [],
  byPath: new Map(),
  ids: new Set(),
});

/** Adds a node that belongs to the layer. */
export function emit(
  builder: GraphBuilder,
  place: Place,
  op: Op,
  inputs: readonly Tensor[],
  shape: Shape,
): Tensor {
  checkSize(builder, place, shape);
  const layer = indexOf(builder, place);
  const id = builder.nodes.length;
  builder.nodes.push({ id, op, inputs: inputs.map((tensor) => tensor.id), shape, layer });
  builder.open[layer]!.nodes.push(id);
  return { id, shape };
}

/** A parameter of the layer: a new one, or that of an earlier call. */
export function weightOf(builder: GraphBuilder, place: Place, wanted: WantedVariable): Weight {
  checkSize(builder, place, wanted.shape);
  const { variables } = builder.open[indexOf(builder, place)]!;
  const key = `${wanted.within ?? ''} ${wanted.name}`;
  const known = variables.get(key);
  if (!known) {
    const beside = [...variables.values()].filter(
      ({ variable }) => variable.within === (wanted.within ?? ''),
    );
    const made = variableOf(builder.source.file, place, wanted, beside.length);
    variables.set(key, made);
    return made.weight;
  }
  if (known.variable.shape.join() === wanted.shape.join()) return known.weight;
  throw damaged([
    '{0}: layer {1} is called on inputs of different shapes; its {2} cannot fit both.',
    builder.source.file,
    place.path.join('/'),
    wanted.name,
  ]);
}

export function layersOf({ open }: GraphBuilder): readonly Layer[] {
  return open.map(({ id, nodes, layer: { name, className, config } }) => ({
    id,
    name,
    className,
    nodes,
    settings: settingsOf(config),
  }));
}

/** In the order in which the layers were first called. */
export function variablesOf({ open }: GraphBuilder): readonly Variable[] {
  return open.flatMap(({ variables }) => [...variables.values()].map(({ variable }) => variable));
}

function indexOf({ open, byPath, ids }: GraphBuilder, { path, layer }: Place): number {
  const key = JSON.stringify(path);
  const known = byPath.get(key);
  if (known !== undefined) return known;
  // Names may themselves contain slashes, so different paths may read the same.
  let id = path.join('/');
  while (ids.has(id)) id += '_';
  ids.add(id);
  byPath.set(key, open.length);
  return open.push({ id, layer, nodes: [], variables: new Map() }) - 1;
}

function checkSize({ source }: GraphBuilder, { path }: Place, shape: Shape): void {
  if (elements(shape) <= MAX_ELEMENTS) return;
  const [name, size] = [path.join('/'), shape.join('×')];
  throw damaged(['{0}: layer {1} makes a tensor of {2}, which is absurdly large.', source.file, name, size]);
}
