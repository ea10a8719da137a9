// Folds each BatchNorm into the kernel before it, as deployment does: w' = w · g, b' = (b − mean) · g + beta with
// g = gamma / √(variance + epsilon) per output channel (Jacob et al., arXiv 1712.05877 §3.2).
// Node ids stay: the BatchNorm's node becomes an identity, so results still name every layer of the file. A BatchNorm
// that cannot be folded becomes an affine op, so nothing behind this pass knows BatchNorm.

import { consumers, type Graph, type GraphNode, type NodeId, type Weight } from './graph.ts';
import { isKernel } from './opFacts.ts';
import type { AffineOp, BatchNormOp, KernelOp, Op } from './ops.ts';

/** Kernels whose output channels a BatchNorm can scale. */
type Foldable = Exclude<KernelOp, { readonly kind: 'recurrence' | 'embedding' }>;

export interface Folded {
  readonly graph: Graph;
  /** Ids of the layers whose BatchNorm was folded. */
  readonly layers: readonly string[];
}

/**
 * Not folded are BatchNorms that do not directly follow a kernel, whose kernel feeds anything else, is shared between
 * calls, or lies on the grid of a quantizer of the file: scaled channel by channel it would leave that grid.
 */
export function foldBatchNorm(graph: Graph): Folded {
  const readers = consumers(graph);
  const uses = countKernelUses(graph);
  const replaced = new Map<NodeId, Op>();
  const layers: string[] = [];
  for (const node of graph.nodes) {
    if (node.op.kind !== 'batchNorm') continue;
    const source = graph.nodes[throughIdentities(graph, node.inputs[0]!, readers)]!;
    const feedsOnlyThis = readers[source.id]!.length === 1 && !graph.outputs.includes(source.id);
    const single = feedsOnlyThis && !replaced.has(source.id);
    if (!single || !isFoldable(source.op) || uses.get(source.op.kernel) !== 1) {
      replaced.set(node.id, asAffine(node.op));
      continue;
    }
    replaced.set(source.id, foldInto(source.op, node.op));
    replaced.set(node.id, { kind: 'identity' });
    layers.push(graph.layers[node.layer]!.id);
  }
  const nodes = graph.nodes.map((node): GraphNode => ({ ...node, op: replaced.get(node.id) ?? node.op }));
  return { graph: { ...graph, nodes }, layers };
}

const isFoldable = (op: Op): op is Foldable =>
  isKernel(op) &&
  op.kind !== 'recurrence' &&
  op.kind !== 'embedding' &&
  op.kernel.quantizer === undefined &&
  op.bias?.quantizer === undefined;

/** Walks back over identities that have a single reader. */
function throughIdentities(graph: Graph, start: NodeId, readers: readonly (readonly NodeId[])[]): NodeId {
  let id = start;
  while (graph.nodes[id]!.op.kind === 'identity' && readers[id]!.length === 1)
    id = graph.nodes[id]!.inputs[0]!;
  return id;
}

function countKernelUses(graph: Graph): Map<Weight, number> {
  const uses = new Map<Weight, number>();
  for (const { op } of graph.nodes) if (isKernel(op)) uses.set(op.kernel, (uses.get(op.kernel) ?? 0) + 1);
  return uses;
}

function foldInto(kernelOp: Foldable, norm: BatchNormOp): Foldable {
  const gains = lazily(() => channelGains(norm));
  const { channels, inner } = outputChannels(kernelOp);
  const kernel: Weight = {
    name: `${kernelOp.kernel.name} (BatchNorm folded)`,
    shape: kernelOp.kernel.shape,
    read: lazily(() => {
      const gain = gains();
      return kernelOp.kernel.read().map((value, i) => value * gain[Math.floor(i / inner) % channels]!);
    }),
  };
  const bias: Weight = {
    name: `${kernelOp.bias?.name ?? kernelOp.kernel.name} (BatchNorm folded)`,
    shape: [channels],
    read: lazily(() => {
      const gain = gains();
      const old = kernelOp.bias?.read();
      const mean = norm.mean.read();
      const beta = norm.beta?.read();
      return gain.map((g, c) => ((old?.[c] ?? 0) - mean[c]!) * g + (beta?.[c] ?? 0));
    }),
  };
  return { ...kernelOp, kernel, bias };
}

function asAffine(norm: BatchNormOp): AffineOp {
  const gains = lazily(() => channelGains(norm));
  const shape = norm.mean.shape;
  const offset = lazily(() => {
    const mean = norm.mean.read();
    const beta = norm.beta?.read();
    return gains().map((gain, c) => (beta?.[c] ?? 0) - mean[c]! * gain);
  });
  return {
    kind: 'affine',
    scale: { name: `${norm.mean.name} (as scale)`, shape, read: gains },
    offset: { name: `${norm.mean.name} (as offset)`, shape, read: offset },
  };
}

function channelGains(norm: BatchNormOp): Float32Array {
  const gamma = norm.gamma?.read();
  return norm.variance.read().map((variance, c) => (gamma?.[c] ?? 1) / Math.sqrt(variance + norm.epsilon));
}

export interface ChannelLayout {
  readonly channels: number;
  /** Consecutive elements that share a channel: element i has channel ⌊i / inner⌋ mod channels. */
  readonly inner: number;
}

/** Where the output channel stands in a kernel's row-major layout. */
export function outputChannels(op: KernelOp): ChannelLayout {
  const shape = op.kernel.shape;
  const last = shape[shape.length - 1]!;
  switch (op.kind) {
    case 'depthwiseConv':
      return { channels: shape[shape.length - 2]! * last, inner: 1 };
    case 'convTranspose':
      return { channels: shape[shape.length - 2]!, inner: last };
    default:
      return { channels: last, inner: 1 };
  }
}

function lazily<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}
