// What python.ts and javascript.ts share about the trees of lezer, whose parsers recover from every error:
// children, text, literals, and calls whose closing bracket is still missing.

import { UNKNOWN, type Expression } from './syntax.ts';

/** A node of the tree: lezer's own nodes are made anew at every step from one to the next. */
export interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly Node[];
}

/** Deeper nesting than this is not read: hostile or damaged text must not overflow the stack. */
export const MAX_DEPTH = 200;

/** The part of lezer's Tree that is used here. */
interface LezerTree {
  iterate(spec: { enter: (node: LezerNode) => void; leave: () => void }): void;
}

interface LezerNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface OpenNode extends Node {
  readonly children: OpenNode[];
}

export function nodesOf(tree: LezerTree): Node {
  const root: OpenNode = { name: '', from: 0, to: 0, children: [] };
  const path = [root];
  tree.iterate({
    enter({ name, from, to }) {
      const node: OpenNode = { name, from, to, children: [] };
      path.at(-1)!.children.push(node);
      path.push(node);
    },
    leave: () => void path.pop(),
  });
  return root.children[0] ?? root;
}

export function childNamed(node: Node, ...names: readonly string[]): Node | undefined {
  return node.children.find((child) => names.includes(child.name));
}

/** Splits children at a token: `[a, ',', b, c]` at `,` is `[[a], [b, c]]`; no empty group at the end. */
export function splitAt(nodes: readonly Node[], separator: string): Node[][] {
  const groups: Node[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) groups.push([]);
    else groups.at(-1)!.push(node);
  }
  if (groups.at(-1)!.length === 0) groups.pop();
  return groups;
}

/** `3`, `1_000`, `0x10`, `1e-3`; imaginary numbers and big integers are unknown. */
export function numberLiteral(text: string): Expression {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? { kind: 'literal', value } : UNKNOWN;
}

/** Strings with escapes and strings that do not end are unknown: no layer name needs them. */
export function stringLiteral(text: string): Expression {
  const match = /^([a-zA-Z]*)('''|"""|'|")([^]*)\2$/.exec(text);
  if (!match) return UNKNOWN;
  const [, prefix = '', , content = ''] = match;
  const plain = !/b/i.test(prefix) && (!content.includes('\\') || /r/i.test(prefix));
  return plain ? { kind: 'literal', value: content } : UNKNOWN;
}

/**
 * Arguments of a call. While its bracket is open the parser draws the lines that follow into the list, so of an
 * unclosed list only what stands on the line of the opening bracket counts as arguments.
 */
export function argumentNodes(list: Node, text: string): { own: readonly Node[]; overrun: readonly Node[] } {
  const { children } = list;
  const closed = children.at(-1)?.name === ')';
  const inner = children.slice(1, closed ? -1 : undefined);
  if (closed) return { own: inner, overrun: [] };
  const newline = text.indexOf('\n', list.from);
  const end = newline < 0 ? text.length : newline;
  return { own: inner.filter((node) => node.to <= end), overrun: inner.filter((node) => node.to > end) };
}
