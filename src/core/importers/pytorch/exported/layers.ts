// Which layer a node belongs to: the innermost module around it when that module has no modules of its own; a node that a
// module with modules calls itself, a functional call, is a layer of its own.

import type { Setting } from '../../../ir/graph.ts';
import type { LayerHead } from '../../tensors/tensorGraph.ts';
import type { Program, ProgramNode } from './schema.ts';

export interface NodeLayer {
  /** Nodes with the same key are one layer. */
  readonly key: string;
  readonly head: LayerHead;
}

/** @returns the layer of each node, by place */
export function layersOf(program: Program): readonly NodeLayer[] {
  const inner = new Set(program.nodes.flatMap(({ modules }) => modules.slice(0, -1).map(({ path }) => path)));
  const members = new Map<string, ProgramNode[]>();
  for (const node of program.nodes) {
    const path = node.modules.at(-1)?.path;
    if (path) members.set(path, [...(members.get(path) ?? []), node]);
  }
  const heads = new Map<string, LayerHead>();
  return program.nodes.map((node) => {
    const module = node.modules.at(-1);
    if (!module?.path || inner.has(module.path))
      return { key: `call ${node.name}`, head: { name: node.name, className: operation(node) } };
    const className = module.className.slice(module.className.lastIndexOf('.') + 1);
    const head = heads.get(module.path) ?? {
      name: module.path,
      className,
      settings: settingsOf(members.get(module.path)!, program),
    };
    heads.set(module.path, head);
    return { key: `module ${module.path}`, head };
  });
}

const operation = ({ target }: ProgramNode): string => target.split('.')[1] ?? target;

/** The arguments that the module was made with, as far as the shape of its weights and the call tell. */
function settingsOf(nodes: readonly ProgramNode[], program: Program): Record<string, Setting> {
  for (const node of nodes) {
    const name = operation(node);
    const weight = shapeOf(node, 'weight', program);
    if (name.startsWith('conv') && weight.length > 2)
      return convolution(node, weight, name.includes('transpose'));
    if (name === 'linear' && weight.length === 2)
      return { in_features: weight[1]!, out_features: weight[0]! };
    if (name === 'embedding' && weight.length === 2)
      return { num_embeddings: weight[0]!, embedding_dim: weight[1]! };
    if (name.includes('batch_norm') && weight.length === 1) return { num_features: weight[0]! };
    const first = shapeOf(node, 'params', program);
    if (first.length === 2) return { input_size: first[1]!, hidden_size: hidden(node, program) };
  }
  return {};
}

/** The recurrent kernel is [gates · units, units]. */
const hidden = (node: ProgramNode, program: Program): number => shapeOf(node, 'params', program, 1)[1] ?? 0;

function convolution(
  node: ProgramNode,
  weight: readonly number[],
  transposed: boolean,
): Record<string, Setting> {
  const groups = Number(node.inputs.get('groups')?.value ?? 1);
  const [first, second, ...window] = weight as [number, number, ...number[]];
  const isTransposed = transposed || node.inputs.get('transposed')?.value === true;
  const stride = node.inputs.get('stride')?.value;
  const steps = Array.isArray(stride) && stride.length > 0 ? (stride as number[]) : [1];
  return {
    in_channels: isTransposed ? first : second * groups,
    out_channels: isTransposed ? second * groups : first,
    kernel_size: alike(window),
    stride: alike(steps),
  };
}

const alike = (list: readonly number[]): Setting =>
  list.every((entry) => entry === list[0]) ? list[0]! : list;

/** Known extents of an operand, or of one of a list. */
function shapeOf(node: ProgramNode, argument: string, { values }: Program, at = 0): readonly number[] {
  const found = node.inputs.get(argument)?.value;
  const reference: unknown = Array.isArray(found) ? found[at] : found;
  const name = (reference as { readonly name?: unknown } | undefined)?.name;
  const sizes = typeof name === 'string' ? values.get(name)?.sizes : undefined;
  return sizes?.every((extent) => typeof extent === 'number') ? sizes : [];
}
