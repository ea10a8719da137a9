// Python text -> statements, by @lezer/python. Half-typed text gives the statements that can be told.

import { parser } from '@lezer/python';
import { functionNode, readPython, targetNames, tupleOrExpression } from './pythonExpressions.ts';
import { arm, evaluate, expression, nested, sourceOf, type Reader } from './reader.ts';
import { ALWAYS, UNKNOWN, type Arm, type Expression, type Statement } from './syntax.ts';
import { childNamed, splitAt, type Node, nodesOf } from './tree.ts';

export function parsePython(text: string): readonly Statement[] {
  const reader: Reader = { text, depth: 0, read: readPython };
  return block(nodesOf(parser.parse(text)).children, reader);
}

function block(nodes: readonly Node[], reader: Reader): Statement[] {
  return nested(nodes, reader, (node) => statement(node, reader));
}

/** The statements of a `Body` node, which starts with a colon. */
const body = (node: Node | undefined, reader: Reader): Statement[] =>
  node ? block(node.children.slice(1), reader) : [];

function statement(node: Node, reader: Reader): Statement[] {
  const { children } = node;
  switch (node.name) {
    case 'ImportStatement':
      return imports(children, reader);
    case 'AssignStatement':
      return assignment(children, reader);
    case 'UpdateStatement':
    case 'DeleteStatement':
      return [...evaluate(children.slice(1), reader), unknown(targetNames(children, reader))];
    case 'ReturnStatement':
    case 'RaiseStatement':
      return [...evaluate(children.slice(1), reader), { kind: 'leave' }];
    case 'ScopeStatement':
      return [{ kind: 'outer', names: targetNames(children.slice(1), reader) }];
    case 'FunctionDefinition':
      return definition(node, reader);
    case 'ClassDefinition': {
      const name = childNamed(node, 'VariableName');
      const members = body(childNamed(node, 'Body'), reader);
      return [{ kind: 'class', name: name ? sourceOf(name, reader) : '', body: members }];
    }
    case 'StatementGroup':
    case 'DecoratedStatement':
      return block(children, reader);
    case 'Decorator':
    case 'Comment':
    case 'PassStatement':
      return [];
    default:
      return compound(node, children, reader);
  }
}

function compound(node: Node, children: readonly Node[], reader: Reader): Statement[] {
  switch (node.name) {
    case 'IfStatement':
      return ifStatement(node, children, reader);
    case 'ForStatement':
    case 'WhileStatement':
      return loop(children, reader);
    case 'TryStatement':
      return tryStatement(node, children, reader);
    case 'WithStatement': {
      const names = children.flatMap((child, at) => (children[at - 1]?.name === 'as' ? [child] : []));
      const context = children.filter((child) => child.name !== 'Body' && !names.includes(child));
      return [
        ...evaluate(context, reader),
        unknown(targetNames(names, reader)),
        ...body(childNamed(node, 'Body'), reader),
      ];
    }
    case 'MatchBody':
      return block(children, reader);
    case 'MatchStatement': {
      const clauses = (childNamed(node, 'MatchBody') ?? node).children.filter(
        (child) => child.name === 'MatchClause',
      );
      const arms = clauses.map((clause) => arm(UNKNOWN, body(childNamed(clause, 'Body'), reader)));
      return [{ kind: 'branch', at: node.from, arms, total: false }];
    }
    default:
      return evaluate([node], reader);
  }
}

const unknown = (names: readonly string[]): Statement => ({ kind: 'bind', names, declares: true });

/** `import a.b as c, d`; `from ..a import (b as c, d)`; `from a import *`. */
function imports(children: readonly Node[], reader: Reader): Statement[] {
  const at = children.findIndex((child) => child.name === 'import');
  const from = children[0]?.name === 'from';
  const words = (nodes: readonly Node[]): string[] =>
    nodes.filter((child) => child.name === 'VariableName').map((child) => sourceOf(child, reader));
  const source = from ? words(children.slice(0, at < 0 ? undefined : at)) : [];
  const names = children.slice(at + 1).filter((child) => !['(', ')', 'Comment'].includes(child.name));
  if (at < 0) return [];
  if (names[0]?.name === '*') return [{ kind: 'star', path: source }];
  return splitAt(names, ',').flatMap((group): Statement[] => {
    const [path, alias] = splitAt(group, 'as').map(words);
    if (!path || path.length === 0) return [];
    // `import a.b` binds `a`; `import a.b as c` binds c to a.b.
    const bound = alias?.[0] ?? path[0]!;
    const full = from || alias ? [...source, ...path] : [path[0]!];
    return [{ kind: 'bind', names: [bound], value: { kind: 'path', path: full }, declares: true }];
  });
}

function assignment(children: readonly Node[], reader: Reader): Statement[] {
  const groups = splitAt(
    children.filter((child) => child.name !== 'TypeDef'),
    'AssignOp',
  );
  const targets = groups.slice(0, -1);
  if (targets.length === 0) return evaluate(children, reader);
  const value = tupleOrExpression(groups.at(-1)!, reader);
  const names = targets.length === 1 ? splitAt(unwrap(targets[0]!), ',') : [];
  if (names.length > 1 && value.kind === 'list' && value.items.length === names.length) {
    return names.map((name, at) => bind(name, value.items[at]!, reader));
  }
  const bound = targets.flatMap((nodes) => targetNames(nodes, reader));
  const plain = targets.every((nodes) => nodes.length === 1 && isPlainTarget(nodes[0]!));
  if (plain) return [{ kind: 'bind', names: bound, value, declares: true }];
  return [{ kind: 'evaluate', value }, unknown(bound)];
}

const isPlainTarget = (node: Node): boolean =>
  node.name === 'VariableName' || (node.name === 'MemberExpression' && !childNamed(node, '['));

/** `(a, b) = …` and `[a, b] = …` as `a, b = …`. */
function unwrap(target: readonly Node[]): readonly Node[] {
  const [only] = target;
  const wrapped =
    target.length === 1 && (only?.name === 'TupleExpression' || only?.name === 'ArrayExpression');
  return wrapped ? only.children.slice(1, -1) : target;
}

function bind(target: readonly Node[], value: Expression, reader: Reader): Statement {
  const names = targetNames(target, reader);
  const plain = target.length === 1 && isPlainTarget(target[0]!);
  return plain
    ? { kind: 'bind', names, value, declares: true }
    : { kind: 'bind', names, value: { kind: 'other', parts: [value] }, declares: true };
}

function definition(node: Node, reader: Reader): Statement[] {
  const name = childNamed(node, 'VariableName');
  const value = functionNode(node, body(childNamed(node, 'Body'), reader), reader);
  return [{ kind: 'bind', names: [name ? sourceOf(name, reader) : ''], value, declares: true }];
}

function ifStatement(node: Node, children: readonly Node[], reader: Reader): Statement[] {
  const arms: Arm<readonly Statement[]>[] = [];
  let test: Expression = UNKNOWN;
  for (const child of children) {
    if (child.name === 'Body') arms.push(arm(test, body(child, reader)));
    else if (child.name === 'if' || child.name === 'elif') test = UNKNOWN;
    else if (child.name === 'else') test = ALWAYS;
    else test = expression(child, reader);
  }
  return [{ kind: 'branch', at: node.from, arms, total: arms.at(-1)?.test === ALWAYS }];
}

function loop(children: readonly Node[], reader: Reader): Statement[] {
  const end = children.findIndex((child) => child.name === 'in');
  const start = children.findIndex((child) => child.name === 'for');
  const targets = start >= 0 && end > start ? children.slice(start + 1, end) : [];
  const bodies = children.filter((child) => child.name === 'Body');
  const heads = children.slice(Math.max(end, 0) + 1).filter((child) => child.name !== 'Body');
  const [first, otherwise] = bodies;
  return [
    ...evaluate(heads, reader),
    { kind: 'loop', body: [unknown(targetNames(targets, reader)), ...body(first, reader)] },
    ...body(otherwise, reader),
  ];
}

/** `try`/`else` is one way, every `except` another; `finally` runs after all. */
function tryStatement(node: Node, children: readonly Node[], reader: Reader): Statement[] {
  const ways: Statement[][] = [];
  const after: Statement[] = [];
  let part = '';
  for (const child of children) {
    if (['try', 'except', 'else', 'finally'].includes(child.name)) part = child.name;
    if (child.name !== 'Body') continue;
    if (part === 'finally') after.push(...body(child, reader));
    else if (part === 'else') ways[0]?.push(...body(child, reader));
    else ways.push(body(child, reader));
  }
  const arms = ways.map((way) => arm(UNKNOWN, way));
  return [{ kind: 'branch', at: node.from, arms, total: true }, ...after];
}
