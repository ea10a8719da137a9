// Typed access to the attributes of a node. Inside a function an attribute may stand for one of the calling node.

import { BitLensError } from '../../errors.ts';
import type { AttributeProto, NodeProto } from './model.ts';
import type { OnnxNode } from './node.ts';

/** Codes of AttributeProto.AttributeType. */
const TYPES = { float: 1, int: 2, text: 3, tensor: 4, graph: 5, floats: 6, ints: 7, texts: 8 } as const;

export type Attributes = ReadonlyMap<string, AttributeProto>;

export type AttributeAccess = Pick<
  OnnxNode,
  'int' | 'float' | 'text' | 'ints' | 'floats' | 'texts' | 'graph' | 'has'
> & { readonly tensorProto: (name: string) => AttributeProto['tensor'] };

/** @param outer attributes of the call, inside a function */
export function resolveAttributes(node: NodeProto, outer: Attributes | undefined): Attributes {
  const resolved = new Map<string, AttributeProto>();
  for (const attribute of node.attributes) {
    if (attribute.reference === '') resolved.set(attribute.name, attribute);
    else {
      const given = outer?.get(attribute.reference);
      if (given) resolved.set(attribute.name, given);
    }
  }
  return resolved;
}

/** @param where file and node, for messages */
export function attributeAccess(
  attributes: Attributes,
  where: readonly [file: string, node: string],
): AttributeAccess {
  const find = (name: string, type: keyof typeof TYPES): AttributeProto | undefined => {
    const attribute = attributes.get(name);
    // Files of the first IR versions leave the type out.
    if (!attribute || attribute.type === TYPES[type] || attribute.type === 0) return attribute;
    throw new BitLensError(
      'bad-file',
      ['{0}: node {1}: its attribute {2} is no {3}.', ...where, name, type],
      ['Export the model again.'],
    );
  };
  return {
    has: (name) => attributes.has(name),
    int: (name, standard) => find(name, 'int')?.i ?? standard,
    float: (name, standard) => find(name, 'float')?.f ?? standard,
    text: (name, standard) => find(name, 'text')?.s ?? standard,
    ints: (name) => find(name, 'ints')?.ints,
    floats: (name) => find(name, 'floats')?.floats,
    texts: (name) => find(name, 'texts')?.strings,
    graph: (name) => find(name, 'graph')?.graph,
    tensorProto: (name) => find(name, 'tensor')?.tensor,
  };
}
