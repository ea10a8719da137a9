// Where a graph begins and ends: what its signature says, else its placeholders and the nodes that nobody reads.

import { BitLensError } from '../../errors.ts';
import type { Shape } from '../../ir/graph.ts';
import type { StoredInput } from '../inputShape.ts';
import type { GraphDef, NodeDef } from './graphDef.ts';
import { attributesOf } from './attributes.ts';
import { parseReference } from './order.ts';

export interface InputInfo {
  /** What the user calls it. */
  readonly name: string;
  readonly reference: string;
  /** With the sample axis, −1 where open; undefined when unknown. */
  readonly shape: Shape | undefined;
  /** Code of its data type; 0 when unknown. */
  readonly dtype: number;
}

export interface Signature {
  readonly inputs: readonly InputInfo[];
  /** References. */
  readonly outputs: readonly string[];
}

/** Ops that end a graph without being a result. */
const NO_RESULTS = new Set(['Const', 'NoOp', 'Placeholder', 'Assert', 'VarHandleOp', 'SaveV2']);

/** @throws `unsupported` when it has no placeholder, or nothing comes out of it */
export function impliedSignature(file: string, { nodes }: GraphDef): Signature {
  const read = new Set(
    [...nodes.values()].flatMap((node) => node.inputs.map((text) => parseReference(text).node)),
  );
  const inputs = [...nodes.values()].filter((node) => isInput(file, node) && read.has(node.name));
  const outputs = [...nodes.values()].filter(({ name, op }) => !read.has(name) && !NO_RESULTS.has(op));
  if (inputs.length === 0 || outputs.length === 0)
    throw new BitLensError(
      'unsupported',
      ['{0} is a graph without inputs or without results.', file],
      ['Save the model as a SavedModel with a signature.'],
    );
  return {
    inputs: inputs.map((node) => ({
      name: node.name,
      reference: `${node.name}:0`,
      shape: placeholderShape(file, node),
      dtype: attributesOf(file, node).type('dtype'),
    })),
    outputs: outputs.map(({ name }) => `${name}:0`),
  };
}

const BOOL = 10;

/** Booleans choose between training and inference; they stay at false. */
const isInput = (file: string, node: NodeDef): boolean =>
  node.op === 'Placeholder' && attributesOf(file, node).type('dtype') !== BOOL;

/** −1 where open; undefined when nothing is said. */
export function placeholderShape(file: string, node: NodeDef): Shape | undefined {
  const shape = attributesOf(file, node).shape('shape');
  return shape?.length === 0 ? undefined : shape;
}

/** The input with one sample: an open first extent is the sample axis, and any is where others are open. */
export function oneSample({ name, shape }: InputInfo): StoredInput {
  const isOpen = shape?.includes(-1);
  return {
    name,
    shape: shape?.map((extent, axis) => (axis === 0 && isOpen ? 1 : extent === -1 ? null : extent)),
  };
}
