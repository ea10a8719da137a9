// What reading Python and JavaScript have in common above the tree: a reader with its place in the text, and the
// pieces of expressions and statements that both languages have. Each language says how one of its nodes is read.

import { UNKNOWN, dotted, type Arm, type Expression, type Statement } from './syntax.ts';
import { MAX_DEPTH, splitAt, type Node } from './tree.ts';

export interface Reader {
  readonly text: string;
  /** Nesting so far. */
  depth: number;
  /** Reads a node of the language; called by {@link expression} alone, which minds the depth. */
  read(node: Node, reader: Reader): Expression;
}

export function sourceOf(node: Node, reader: Reader): string {
  return reader.text.slice(node.from, node.to);
}

export function expression(node: Node, reader: Reader): Expression {
  if (reader.depth > MAX_DEPTH) return UNKNOWN;
  reader.depth += 1;
  const result = reader.read(node, reader);
  reader.depth -= 1;
  return result;
}

/** The value is unknown; calls inside still count. */
export function others(nodes: readonly Node[], reader: Reader): Expression {
  const parts = nodes.map((node) => expression(node, reader)).filter((part) => part !== UNKNOWN);
  return parts.length === 0 ? UNKNOWN : { kind: 'other', parts };
}

/** An item of a list or an argument; of several nodes (`*items`, `...items`) the value is unknown. */
export function item(group: readonly Node[], reader: Reader): Expression {
  if (group.length === 1) return expression(group[0]!, reader);
  return { kind: 'other', parts: group.map((node) => expression(node, reader)) };
}

/** Items between commas, without the brackets around them. */
export function items(nodes: readonly Node[], reader: Reader): Expression[] {
  return splitAt(nodes, ',').map((group) => item(group, reader));
}

/** Expressions that are run for what they do. */
export function evaluate(nodes: readonly Node[], reader: Reader): Statement[] {
  return nodes
    .map((node) => expression(node, reader))
    .filter((value) => value !== UNKNOWN)
    .map((value) => ({ kind: 'evaluate', value }));
}

/** Statements of nodes, one level deeper. */
export function nested(
  nodes: readonly Node[],
  reader: Reader,
  statement: (node: Node) => Statement[],
): Statement[] {
  if (reader.depth > MAX_DEPTH) return [];
  reader.depth += 1;
  const statements = nodes.flatMap(statement);
  reader.depth -= 1;
  return statements;
}

export const arm = (test: Expression, body: readonly Statement[]): Arm<readonly Statement[]> => ({
  test,
  body,
});

/** The variable that a target such as `a[0]` or `a.b` changes; undefined when it is none that has a name. */
export function changedName(node: Node, reader: Reader): string | undefined {
  const target = expression(node, reader);
  const base = target.kind === 'other' ? target.parts[0] : target;
  return base && dotted(base);
}
