// What the user calls the nodes of an ONNX graph. Exporters keep the framework's names in different places: the path of
// the module in the node's name (PyTorch: `/features/features.0/Conv`; TensorFlow: `model/conv2d/Conv2D`), the scopes in
// its metadata (PyTorch 2: `pkg.torch.onnx.name_scopes`), or the parameter (`conv1.weight`).

import { grouped } from '../grouped.ts';
import type { GraphProto, NodeProto } from './model.ts';

/** Ops that give a module its kind; what else a module computes is named after the op. */
const KERNELS = new Set(
  'Conv ConvTranspose Gemm MatMul LSTM GRU RNN BatchNormalization LayerNormalization InstanceNormalization'.split(
    ' ',
  ),
);

/** Ops between a parameter and the node that it belongs to. */
const CARRIERS = new Set(
  (
    'Transpose Reshape Squeeze Unsqueeze Identity Cast Quant IntQuant BipolarQuant QuantizeLinear ' +
    'DequantizeLinear Concat Slice'
  ).split(' '),
);

/** A name for every node of the graph; several nodes may have the same one. */
export function layerNames(graph: GraphProto): ReadonlyMap<NodeProto, string> {
  const parameters = parameterNames(graph);
  const paths = graph.nodes.map((node, at) => ({ node, own: ownName(node, at), module: moduleOf(node) }));
  const modules = grouped(
    paths.filter(({ node, module }) => module !== undefined && node.op !== 'Constant'),
    ({ module }) => module!,
  );
  return new Map(
    paths.map(({ node, own, module }) => {
      if (module === undefined) return [node, isTelling(node) ? own : (parameters.get(node) ?? own)];
      const inside = modules.get(module)?.map((path) => path.node) ?? [];
      const owner = inside.length === 1 ? inside[0] : ownerOf(inside);
      return [node, owner === node ? module : `${module}/${own}`];
    }),
  );
}

/** The one with the kernel, when there is only one. */
function ownerOf(nodes: readonly NodeProto[]): NodeProto | undefined {
  const kernels = nodes.filter(({ op }) => KERNELS.has(op));
  return kernels.length === 1 ? kernels[0] : undefined;
}

/** `Conv_0` says no more than the op does. */
const isTelling = ({ name, op }: NodeProto): boolean =>
  !/^(n\d+|node_.*)?$/.test(name) && name.replace(/_\d+$/, '').toLowerCase() !== op.toLowerCase();

/** The last part of the name, without what converters append to a path to make it unique. */
function ownName({ name, op }: NodeProto, at: number): string {
  const parts = name.split(/[/:]/).filter(Boolean);
  const last = parts.length > 1 ? parts.at(-1)!.replace(/__\d+$/, '') : parts[0];
  return last?.replace(/^node_/, '') ?? `${op}_${at}`;
}

/** Path of the module that the node is part of; undefined when the file does not tell. */
function moduleOf(node: NodeProto): string | undefined {
  const scopes = node.metadata.get('pkg.torch.onnx.name_scopes');
  if (scopes !== undefined) {
    const list = [...scopes.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
    return list.at(-2) || undefined;
  }
  const parts = node.name.split('/').filter(Boolean).slice(0, -1);
  if (parts.length === 0) return undefined;
  return node.name.startsWith('/') ? torchPath(parts) : parts.at(-1)!.replace(/__\d+$/, '');
}

/** `features/features.0`: a part that repeats its parent's name continues it. */
function torchPath(parts: readonly string[]): string {
  const path: string[] = [];
  for (const part of parts) {
    if (part.startsWith(`${path.at(-1)}.`)) path.pop();
    path.push(part);
  }
  return path.join('.');
}

/** `conv1` for the node that reads `conv1.weight`, through what only rearranges or quantizes it. */
function parameterNames(graph: GraphProto): ReadonlyMap<NodeProto, string> {
  const owner = new Map(
    graph.initializers.flatMap(({ name }) => {
      const match = /^(.*[^.\d].*)[./](weight|kernel|bias|weight_ih_l\d|gamma)(:0)?$/i.exec(name);
      return match ? [[name, match[1]!.replaceAll('/', '.')] as const] : [];
    }),
  );
  const names = new Map<NodeProto, string>();
  for (const node of graph.nodes) {
    const found = node.inputs.map((input) => owner.get(input)).find((name) => name !== undefined);
    if (found === undefined) continue;
    if (CARRIERS.has(node.op)) for (const output of node.outputs) owner.set(output, found);
    else names.set(node, found);
  }
  return names;
}
