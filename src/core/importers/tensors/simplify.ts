// Exporters write a layer's bias and a normalization's gain as element-wise operations with constants. Here they become
// what the IR has words for: biases join the kernel before them, the rest one scale and offset per channel.

import { consumers, elements, type Graph, type GraphNode, type NodeId, type Weight } from '../../ir/graph.ts';
import type { AffineOp, KernelOp, Op } from '../../ir/ops.ts';
import { whileHeld } from './constants.ts';

type Channelwise = 'add' | 'subtract' | 'multiply' | 'divide';

/** y = (x · gain + shift), or with the constant on the left. */
interface WithConstant {
  readonly fn: Channelwise;
  readonly x: NodeId;
  readonly constant: Weight;
  /** The constant is the first operand: c − x. */
  readonly swapped: boolean;
}

/** Node ids stay; what is joined into another node is replaced by it wherever it is read. */
export function simplify(graph: Graph): Graph {
  const readers = consumers(graph);
  const ops = graph.nodes.map(({ op }) => op);
  const inputs = graph.nodes.map((node) => node.inputs);
  const target = graph.nodes.map(({ id }) => id);
  for (const node of graph.nodes) {
    const found = withConstant(graph, node);
    if (!found) continue;
    const source = target[found.x]!;
    const alone = readsOnce(graph, readers, found.x);
    const kernel = alone ? biased(ops[source]!, graph.nodes[source]!, found) : undefined;
    if (kernel) {
      ops[source] = kernel;
      target[node.id] = source;
      continue;
    }
    const affine = asAffine(found);
    const before = ops[source]!;
    const joined = alone && before.kind === 'affine' ? composed(before, affine) : undefined;
    ops[node.id] = joined ?? affine;
    inputs[node.id] = joined ? inputs[source]! : [found.x];
  }
  const nodes = graph.nodes.map((node): GraphNode => ({
    ...node,
    op: ops[node.id]!,
    inputs: inputs[node.id]!.map((id) => target[id]!),
  }));
  return { ...graph, nodes, outputs: graph.outputs.map((id) => target[id]!) };
}

function readsOnce(graph: Graph, readers: readonly (readonly NodeId[])[], id: NodeId): boolean {
  return readers[id]!.length === 1 && !graph.outputs.includes(id);
}

const CHANNELWISE: ReadonlySet<string> = new Set<Channelwise>(['add', 'subtract', 'multiply', 'divide']);

/** An element-wise op with one constant that has one value, or one per entry of the last axis. */
function withConstant(graph: Graph, { op, inputs, shape }: GraphNode): WithConstant | undefined {
  if (op.kind !== 'merge' || inputs.length !== 2 || !CHANNELWISE.has(op.fn)) return undefined;
  const at = inputs.findIndex((id) => graph.nodes[id]!.op.kind === 'constant');
  if (at < 0) return undefined;
  const x = inputs[1 - at]!;
  const stored = graph.nodes[inputs[at]!]!.op;
  if (stored.kind !== 'constant' || graph.nodes[x]!.op.kind === 'constant') return undefined;
  const size = elements(stored.value.shape);
  const channelwise = size === 1 || (size === shape.at(-1) && stored.value.shape.at(-1) === size);
  const grows = graph.nodes[x]!.shape.join() !== shape.join();
  const fn = op.fn as Channelwise;
  if (!channelwise || grows || (at === 0 && fn === 'divide')) return undefined;
  return { fn, x, constant: stored.value, swapped: at === 0 };
}

/** The kernel with the constant as its bias. */
function biased(op: Op, { shape }: GraphNode, { fn, constant, swapped }: WithConstant): Op | undefined {
  if (!takesBias(op) || op.bias || fn === 'multiply' || fn === 'divide' || (fn === 'subtract' && swapped))
    return undefined;
  return { ...op, bias: fn === 'add' ? spread(constant, shape.at(-1)!) : negated(constant, shape.at(-1)!) };
}

const takesBias = (op: Op): op is Exclude<KernelOp, { kind: 'recurrence' | 'embedding' }> =>
  op.kind === 'dense' || op.kind === 'conv' || op.kind === 'depthwiseConv' || op.kind === 'convTranspose';

/** As a vector over the channels; quantizers stay. */
function spread(weight: Weight, channels: number): Weight {
  const wide = (values: Float32Array): Float32Array =>
    values.length === channels ? values : new Float32Array(channels).fill(values[0]!);
  const { latent } = weight;
  return {
    ...weight,
    shape: [channels],
    read: whileHeld(() => wide(weight.read())),
    ...(latent ? { latent: whileHeld(() => wide(latent())) } : {}),
  };
}

const negated = (weight: Weight, channels: number): Weight =>
  derived(weight.name, [channels], () => spread(weight, channels).read().map(negate));

const negate = (value: number): number => -value;

function asAffine({ fn, constant, swapped }: WithConstant): AffineOp {
  const shape = [elements(constant.shape)];
  const values = { ...constant, shape };
  const all = (value: number): Weight =>
    derived(String(value), shape, () => new Float32Array(shape[0]!).fill(value));
  switch (fn) {
    case 'add':
      return { kind: 'affine', scale: all(1), offset: values };
    case 'subtract':
      return swapped
        ? { kind: 'affine', scale: all(-1), offset: values }
        : { kind: 'affine', scale: all(1), offset: negated(constant, shape[0]!) };
    case 'multiply':
      return { kind: 'affine', scale: values, offset: all(0) };
    case 'divide': {
      const inverse = derived(constant.name, shape, () => constant.read().map((value) => 1 / value));
      return { kind: 'affine', scale: inverse, offset: all(0) };
    }
  }
}

/** second(first(x)) */
function composed(first: AffineOp, second: AffineOp): AffineOp {
  const shape = [Math.max(elements(first.scale.shape), elements(second.scale.shape))];
  const at = (weight: Weight, i: number): number => {
    const values = weight.read();
    return values[values.length === 1 ? 0 : i]!;
  };
  const each = (name: string, value: (i: number) => number): Weight =>
    derived(name, shape, () => Float32Array.from({ length: shape[0]! }, (_, i) => value(i)));
  return {
    kind: 'affine',
    scale: each(second.scale.name, (i) => at(first.scale, i) * at(second.scale, i)),
    offset: each(second.offset.name, (i) => at(first.offset, i) * at(second.scale, i) + at(second.offset, i)),
  };
}

const derived = (name: string, shape: readonly number[], compute: () => Float32Array): Weight => ({
  name,
  shape,
  read: whileHeld(compute),
});
