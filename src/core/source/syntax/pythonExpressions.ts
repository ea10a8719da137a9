// Python expressions of lezer's tree -> Expression; python.ts reads the statements around them.

import {
  UNKNOWN,
  type CallArgument,
  type Expression,
  type FunctionNode,
  type Parameter,
  type Statement,
} from './syntax.ts';
import { changedName, expression, item, items, others, sourceOf, type Reader } from './reader.ts';
import {
  argumentNodes,
  childNamed,
  MAX_DEPTH,
  numberLiteral,
  splitAt,
  stringLiteral,
  type Node,
} from './tree.ts';

export function readPython(node: Node, reader: Reader): Expression {
  return leaf(node, reader) ?? compound(node, node.children, reader);
}

function leaf(node: Node, reader: Reader): Expression | undefined {
  switch (node.name) {
    case 'VariableName':
      return { kind: 'name', name: sourceOf(node, reader) };
    case 'Number':
      return numberLiteral(sourceOf(node, reader));
    case 'String':
      return stringLiteral(sourceOf(node, reader));
    case 'Boolean':
      return { kind: 'literal', value: sourceOf(node, reader) === 'True' };
    case 'None':
      return { kind: 'literal', value: null };
    case 'FormatString':
      return formatString(node, reader);
    default:
      return undefined;
  }
}

function compound(node: Node, children: readonly Node[], reader: Reader): Expression {
  switch (node.name) {
    case 'CallExpression':
      return call(node, children, reader);
    case 'MemberExpression':
      return member(children, reader);
    case 'ParenthesizedExpression':
      return children.length > 1 ? expression(children[1]!, reader) : UNKNOWN;
    case 'TupleExpression':
    case 'ArrayExpression':
      return { kind: 'list', items: listItems(children.slice(1), reader) };
    case 'ContinuedString':
      return { kind: 'text', parts: children.map((child) => expression(child, reader)) };
    case 'BinaryExpression':
    case 'UnaryExpression':
      return operation(node, children, reader);
    case 'ConditionalExpression':
      return conditional(node, children, reader);
    case 'LambdaExpression':
      return lambda(node, children, reader);
    case 'ComprehensionExpression':
    case 'ArrayComprehensionExpression':
    case 'SetComprehensionExpression':
    case 'DictionaryComprehensionExpression':
      return comprehension(children.slice(1), reader);
    case 'NamedExpression': {
      const [target, , value] = children;
      if (target?.name !== 'VariableName' || !value) return others(children, reader);
      return { kind: 'assignment', name: sourceOf(target, reader), value: expression(value, reader) };
    }
    default:
      return others(children, reader);
  }
}

/** Right side of an assignment: one expression, or a tuple without brackets. */
export function tupleOrExpression(nodes: readonly Node[], reader: Reader): Expression {
  if (nodes.length === 1) return expression(nodes[0]!, reader);
  return { kind: 'list', items: listItems(nodes, reader) };
}

function listItems(nodes: readonly Node[], reader: Reader): Expression[] {
  const inner = nodes.filter((node) => node.name !== ')' && node.name !== ']');
  return items(inner, reader);
}

function member(children: readonly Node[], reader: Reader): Expression {
  const [object, dot, property] = children;
  if (object && dot?.name === '.' && property?.name === 'PropertyName') {
    return { kind: 'member', object: expression(object, reader), property: sourceOf(property, reader) };
  }
  // The grammar reads `1.` as a member without a name.
  if (object?.name === 'Number' && property?.name !== 'PropertyName') return expression(object, reader);
  return others(children, reader);
}

function call(node: Node, children: readonly Node[], reader: Reader): Expression {
  const [calleeNode] = children;
  const list = children.find((child) => child.name === 'ArgList');
  if (!calleeNode || !list) return others(children, reader);
  const { own, overrun } = argumentNodes(list, reader.text);
  const generator = own.some((child) => child.name === 'for');
  const groups = generator ? [] : splitAt(own, ',');
  // Behind `*args` positions are unknown; `**kwargs` is no argument of its own.
  const star = groups.findIndex((group) => group[0]?.name === '*');
  const passed = groups.filter(
    (group, at) => group[0]?.name !== '**' && (star < 0 || at < star || group[1]?.name === 'AssignOp'),
  );
  const spread = groups.filter((group) => !passed.includes(group)).flat();
  const misread = others(
    children.filter((child) => child !== calleeNode && child !== list),
    reader,
  );
  return {
    kind: 'call',
    callee: expression(calleeNode, reader),
    arguments: generator
      ? [{ value: comprehension(own, reader) }]
      : passed.map((group) => argument(group, reader)),
    spread: spread.length > 0 || overrun.length > 0,
    overrun: [...[...spread, ...overrun].map((child) => expression(child, reader)), misread],
    range: { from: node.from, to: node.to },
    calleeRange: { from: calleeNode.from, to: calleeNode.to },
  };
}

function argument(group: readonly Node[], reader: Reader): CallArgument {
  const [first, equals, value] = group;
  if (first?.name === 'VariableName' && equals?.name === 'AssignOp') {
    return { key: sourceOf(first, reader), value: value ? expression(value, reader) : UNKNOWN };
  }
  return { value: item(group, reader) };
}

function operation(node: Node, children: readonly Node[], reader: Reader): Expression {
  const left = children[0];
  const right = children.at(-1);
  if (children.length < 2 || !left || !right) return others(children, reader);
  const unary = node.name === 'UnaryExpression';
  const between = reader.text.slice(unary ? left.from : left.to, unary ? left.to : right.from);
  const operands = unary ? [right] : [left, right];
  return {
    kind: 'operation',
    operator: between.trim().replace(/\s+/g, ' '),
    operands: operands.map((operand) => expression(operand, reader)),
  };
}

/** `a if test else b`: the test is evaluated first. */
function conditional(node: Node, children: readonly Node[], reader: Reader): Expression {
  const [yes, , test, , no] = children;
  if (!yes || !test || !no) return others(children, reader);
  const arms = [
    { test: expression(test, reader), body: expression(yes, reader) },
    { test: { kind: 'literal', value: true } as const, body: expression(no, reader) },
  ];
  return { kind: 'choice', at: node.from, arms };
}

function lambda(node: Node, children: readonly Node[], reader: Reader): Expression {
  const result = children.at(-1);
  const value = result ? expression(result, reader) : UNKNOWN;
  return functionNode(node, [{ kind: 'evaluate', value }], reader);
}

/** `element for target in iterable if test`; what follows the first `in` is evaluated before the element. */
function comprehension(nodes: readonly Node[], reader: Reader): Expression {
  const first = nodes.findIndex((node) => node.name === 'for');
  const targets: Node[] = [];
  const rest: Node[] = [];
  let inTarget = false;
  for (const node of nodes.slice(Math.max(first, 0))) {
    if (node.name === 'for') inTarget = true;
    else if (node.name === 'in') inTarget = false;
    else if (inTarget) targets.push(node);
    else rest.push(node);
  }
  const names = targetNames(targets, reader);
  const body = others(nodes.slice(0, Math.max(first, 0)), reader);
  return { kind: 'other', parts: [others(rest, reader), { kind: 'repeat', body, names }] };
}

/** Text and holes; a hole with a format specification is unknown. */
function formatString(node: Node, reader: Reader): Expression {
  const text = sourceOf(node, reader);
  const open = /^[a-zA-Z]*('''|"""|'|")/.exec(text)?.[0] ?? '';
  const quote = open.replace(/^[a-zA-Z]*/, '');
  if (
    quote === '' ||
    text.includes('\\') ||
    text.length < open.length + quote.length ||
    !text.endsWith(quote)
  )
    return UNKNOWN;
  const parts: Expression[] = [];
  let at = node.from + open.length;
  const literal = (to: number): void => {
    const value = reader.text.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}');
    if (value !== '') parts.push({ kind: 'literal', value });
  };
  for (const hole of node.children.filter((child) => child.name === 'FormatReplacement')) {
    literal(hole.from);
    const inner = hole.children.slice(1, -1);
    parts.push(inner.length === 1 ? expression(inner[0]!, reader) : UNKNOWN);
    at = hole.to;
  }
  literal(node.to - quote.length);
  return { kind: 'text', parts };
}

/** Names that targets of `=`, `for`, `with` or `del` bind; `a[0] = …` counts as a change of `a`. */
export function targetNames(nodes: readonly Node[], reader: Reader): string[] {
  if (reader.depth > MAX_DEPTH) return [];
  return nodes.flatMap((node) => {
    if (node.name === 'VariableName') return [sourceOf(node, reader)];
    if (node.name === 'TupleExpression' || node.name === 'ArrayExpression')
      return targetNames(node.children, { ...reader, depth: reader.depth + 1 });
    if (node.name !== 'MemberExpression') return [];
    const name = changedName(node, reader);
    return name === undefined ? [] : [name];
  });
}

/** A `def` or `lambda`; `statements` is its body, read by the caller. */
export function functionNode(node: Node, statements: readonly Statement[], reader: Reader): FunctionNode {
  const list = childNamed(node, 'ParamList');
  const children = list ? list.children.filter((child) => child.name !== '(' && child.name !== ')') : [];
  const parameters = splitAt(children, ',').map((group): Parameter => {
    const [first] = group;
    if (first?.name !== 'VariableName') {
      return {
        others: targetNames(group.filter((child) => child.name === 'VariableName').slice(0, 1), reader),
      };
    }
    const equals = group.findIndex((child) => child.name === 'AssignOp');
    const fallback = equals < 0 ? undefined : group[equals + 1];
    return {
      name: sourceOf(first, reader),
      fallback: fallback && expression(fallback, reader),
      others: [],
    };
  });
  return { kind: 'function', at: node.from, parameters, body: statements };
}
