// Builds small graphs by hand: each call adds a layer with one node and returns the node's id.

import type { Graph, GraphNode, Layer, NodeId, Shape, Weight } from '../../src/core/ir/graph.ts';
import type { Activation, Op } from '../../src/core/ir/ops.ts';
import { seeded, type Random } from '../../src/core/random.ts';

export interface GraphBuilder {
  input(name: string, shape: Shape): NodeId;
  dense(name: string, from: NodeId, units: number, options?: { bias?: boolean; like?: NodeId }): NodeId;
  conv(name: string, from: NodeId, filters: number, size?: number): NodeId;
  relu(name: string, from: NodeId): NodeId;
  op(name: string, op: Op, inputs: readonly NodeId[], shape: Shape): NodeId;
  batchNorm(name: string, from: NodeId): NodeId;
  graph(outputs: readonly NodeId[]): Graph;
}

export const RELU: Activation = { fn: 'relu', slope: 0, threshold: 0 };

export function graphBuilder(seed = 1): GraphBuilder {
  const random = seeded(seed);
  const nodes: GraphNode[] = [];
  const layers: { name: string; className: string; nodes: NodeId[] }[] = [];

  const add = (name: string, className: string, op: Op, inputs: readonly NodeId[], shape: Shape): NodeId => {
    let layer = layers.findIndex((known) => known.name === name);
    if (layer < 0) layer = layers.push({ name, className, nodes: [] }) - 1;
    const id = nodes.length;
    nodes.push({ id, op, inputs, shape, layer });
    layers[layer]!.nodes.push(id);
    return id;
  };

  return {
    input: (name, shape) => add(name, 'InputLayer', { kind: 'input' }, [], shape),
    dense(name, from, units, { bias = true, like } = {}) {
      const shape = nodes[from]!.shape;
      const inputs = shape[shape.length - 1]!;
      const shared = like === undefined ? undefined : nodes[like]!.op;
      const op: Op =
        shared?.kind === 'dense'
          ? shared
          : {
              kind: 'dense',
              kernel: randomWeight(`${name}/kernel`, [inputs, units], random),
              bias: bias ? randomWeight(`${name}/bias`, [units], random) : undefined,
            };
      return add(name, 'Dense', op, [from], [...shape.slice(0, -1), units]);
    },
    conv(name, from, filters, size = 3) {
      const [height, width, channels] = nodes[from]!.shape as [number, number, number];
      const half = (size - 1) / 2;
      const op: Op = {
        kind: 'conv',
        kernel: randomWeight(`${name}/kernel`, [size, size, channels, filters], random),
        bias: randomWeight(`${name}/bias`, [filters], random),
        strides: [1, 1],
        dilation: [1, 1],
        pads: [
          [half, half],
          [half, half],
        ],
        groups: 1,
      };
      return add(name, 'Conv2D', op, [from], [height, width, filters]);
    },
    relu: (name, from) =>
      add(name, 'ReLU', { kind: 'activation', activation: RELU }, [from], nodes[from]!.shape),
    op: (name, op, inputs, shape) => add(name, op.kind, op, inputs, shape),
    batchNorm(name, from) {
      const shape = nodes[from]!.shape;
      const channels = [shape[shape.length - 1]!];
      const op: Op = {
        kind: 'batchNorm',
        gamma: randomWeight(`${name}/gamma`, channels, random),
        beta: randomWeight(`${name}/beta`, channels, random),
        mean: randomWeight(`${name}/mean`, channels, random),
        variance: weightOf(
          `${name}/variance`,
          channels,
          Float32Array.from({ length: channels[0]! }, () => 0.5 + random.next()),
        ),
        epsilon: 1e-3,
      };
      return add(name, 'BatchNormalization', op, [from], shape);
    },
    graph: (outputs) => ({
      name: 'hand-made',
      framework: 'test',
      nodes,
      layers: layers.map((layer): Layer => ({ ...layer, id: layer.name, settings: {} })),
      inputs: nodes.filter(({ op }) => op.kind === 'input').map(({ id }) => id),
      outputs,
    }),
  };
}

export function weightOf(name: string, shape: Shape, values: ArrayLike<number>): Weight {
  const array = Float32Array.from(values);
  return { name, shape, read: () => array };
}

function randomWeight(name: string, shape: Shape, random: Random): Weight {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return weightOf(
    name,
    shape,
    Float32Array.from({ length: count }, () => random.next() - 0.5),
  );
}
