// JavaScript and TypeScript expressions of lezer's tree -> Expression; javascript.ts reads the statements around them.

import {
  ALWAYS,
  UNKNOWN,
  dotted,
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

export interface JavaScriptReader extends Reader {
  /** Reads the block of a function; javascript.ts puts it in. */
  readonly block: (nodes: readonly Node[], reader: JavaScriptReader) => Statement[];
}

export function readJavaScript(node: Node, reader: JavaScriptReader): Expression {
  return leaf(node, reader) ?? compound(node, node.children, reader);
}

function leaf(node: Node, reader: JavaScriptReader): Expression | undefined {
  switch (node.name) {
    case 'VariableName': {
      const name = sourceOf(node, reader);
      return name === 'undefined' ? { kind: 'literal', value: null } : { kind: 'name', name };
    }
    case 'this':
      return { kind: 'name', name: 'this' };
    case 'Number':
      return numberLiteral(sourceOf(node, reader));
    case 'String':
      return stringLiteral(sourceOf(node, reader));
    case 'BooleanLiteral':
      return { kind: 'literal', value: sourceOf(node, reader) === 'true' };
    case 'null':
      return { kind: 'literal', value: null };
    case 'TemplateString':
      return templateString(node, reader);
    default:
      return undefined;
  }
}

function compound(node: Node, children: readonly Node[], reader: JavaScriptReader): Expression {
  switch (node.name) {
    case 'CallExpression':
    case 'NewExpression':
      return call(node, children, reader);
    case 'DynamicImport':
      return imported(children, reader);
    case 'MemberExpression':
      return member(children, reader);
    case 'ParenthesizedExpression':
      return children.length > 1 ? expression(children[1]!, reader) : UNKNOWN;
    case 'AwaitExpression':
      return children.length > 1 ? expression(children.at(-1)!, reader) : UNKNOWN;
    case 'PostfixExpression':
      return postfix(children, reader);
    case 'PrefixCast':
      return expression(children.at(-1)!, reader);
    case 'ArrayExpression':
      return { kind: 'list', items: items(withoutClosing(children.slice(1)), reader) };
    case 'ObjectExpression':
      return { kind: 'object', entries: objectEntries(children, reader) };
    case 'BinaryExpression':
    case 'UnaryExpression':
      return operation(node, children, reader);
    case 'ConditionalExpression':
      return conditional(node, children, reader);
    case 'AssignmentExpression':
      return assignment(children, reader);
    case 'ArrowFunction':
    case 'FunctionExpression':
      return functionNode(node, reader);
    default:
      return others(children, reader);
  }
}

/** `x!` asserts and changes nothing; `x++` does. */
function postfix(children: readonly Node[], reader: JavaScriptReader): Expression {
  const [operand, operator] = children;
  return operand && operator?.name === 'LogicOp' ? expression(operand, reader) : others(children, reader);
}

const withoutClosing = (nodes: readonly Node[]): readonly Node[] => nodes.filter((node) => node.name !== ']');

function member(children: readonly Node[], reader: JavaScriptReader): Expression {
  const [object, dot, property] = children;
  if (object && (dot?.name === '.' || dot?.name === '?.') && property?.name === 'PropertyName') {
    return { kind: 'member', object: expression(object, reader), property: sourceOf(property, reader) };
  }
  return others(children, reader);
}

/** `require('x')` and `import('x')` name a module. */
function imported(nodes: readonly Node[], reader: JavaScriptReader): Expression {
  const module = nodes.find((child) => child.name === 'String');
  const name = module && stringLiteral(sourceOf(module, reader));
  return name?.kind === 'literal' && typeof name.value === 'string'
    ? { kind: 'path', path: [name.value] }
    : others(nodes, reader);
}

function call(node: Node, all: readonly Node[], reader: JavaScriptReader): Expression {
  const children = all.filter((child) => child.name !== 'new' && child.name !== 'TypeArgList');
  const [calleeNode] = children;
  const list = children.find((child) => child.name === 'ArgList');
  if (!calleeNode || !list) return others(children, reader);
  if (calleeNode.name === 'VariableName' && sourceOf(calleeNode, reader) === 'require')
    return imported(list.children, reader);
  const { own, overrun } = argumentNodes(list, reader.text);
  const groups = splitAt(own, ',');
  // Behind `...args` positions are unknown.
  const spread = groups.findIndex((group) => group[0]?.name === 'Spread');
  const passed = spread < 0 ? groups : groups.slice(0, spread);
  const rest = [...groups.slice(passed.length).flat(), ...overrun];
  return {
    kind: 'call',
    callee: expression(calleeNode, reader),
    arguments: passed.map((group) => ({
      value: item(group, reader),
    })),
    spread: spread >= 0 || overrun.length > 0,
    overrun: rest.map((child) => expression(child, reader)),
    range: { from: node.from, to: node.to },
    calleeRange: { from: calleeNode.from, to: calleeNode.to },
  };
}

function objectEntries(children: readonly Node[], reader: JavaScriptReader): CallArgument[] {
  return children
    .filter((child) => child.name === 'Property')
    .map((property): CallArgument => {
      const parts = property.children;
      const [key, colon, value] = parts;
      const shorthand = key?.name === 'PropertyDefinition' && parts.length === 1;
      if (shorthand) return { key: sourceOf(key, reader), value: nameOf(key, reader) };
      const named = key?.name === 'PropertyDefinition' || key?.name === 'String';
      if (!named || colon?.name !== ':') return { value: others(parts, reader) };
      const name = key.name === 'String' ? sourceOf(key, reader).slice(1, -1) : sourceOf(key, reader);
      return { key: name, value: value ? expression(value, reader) : UNKNOWN };
    });
}

const nameOf = (node: Node, reader: JavaScriptReader): Expression => ({
  kind: 'name',
  name: sourceOf(node, reader),
});

function operation(node: Node, children: readonly Node[], reader: JavaScriptReader): Expression {
  const left = children[0];
  const right = children.at(-1);
  if (children.length < 2 || !left || !right) return others(children, reader);
  const unary = node.name === 'UnaryExpression';
  const between = reader.text.slice(unary ? left.from : left.to, unary ? left.to : right.from);
  const operator = between.trim();
  // `x as T` and `x satisfies T` have the value of x.
  if (!unary && /^(as|satisfies)\b/.test(operator)) return expression(left, reader);
  const operands = (unary ? [right] : [left, right]).map((operand) => expression(operand, reader));
  const changes = operator === '++' || operator === '--';
  return changes ? { kind: 'other', parts: operands } : { kind: 'operation', operator, operands };
}

/** `test ? a : b`. */
function conditional(node: Node, children: readonly Node[], reader: JavaScriptReader): Expression {
  const [test, , yes, , no] = children;
  if (!test || !yes || !no) return others(children, reader);
  const arms = [
    { test: expression(test, reader), body: expression(yes, reader) },
    { test: ALWAYS, body: expression(no, reader) },
  ];
  return { kind: 'choice', at: node.from, arms };
}

function assignment(children: readonly Node[], reader: JavaScriptReader): Expression {
  const [target, equals, right] = children;
  if (!target || !right) return others(children, reader);
  const value = expression(right, reader);
  const name = dotted(expression(target, reader));
  if (name !== undefined && equals?.name === 'Equals') return { kind: 'assignment', name, value };
  const [first] = targetNames([target], reader);
  const changed: Expression = { kind: 'other', parts: [value] };
  return first === undefined ? changed : { kind: 'assignment', name: first, value: changed };
}

/** `a${x}b`: text and holes. */
function templateString(node: Node, reader: JavaScriptReader): Expression {
  const source = sourceOf(node, reader);
  if (source.includes('\\') || source.length < 2 || !source.endsWith('`')) return UNKNOWN;
  const parts: Expression[] = [];
  let at = node.from + 1;
  const literal = (to: number): void => {
    if (to > at) parts.push({ kind: 'literal', value: reader.text.slice(at, to) });
  };
  for (const hole of node.children.filter((child) => child.name === 'Interpolation')) {
    literal(hole.from);
    const inner = hole.children.slice(1, -1);
    parts.push(inner.length === 1 ? expression(inner[0]!, reader) : UNKNOWN);
    at = hole.to;
  }
  literal(node.to - 1);
  return { kind: 'text', parts };
}

/** Names that a pattern or the left side of an assignment binds; `a[0] = …` counts as a change of `a`. */
export function targetNames(nodes: readonly Node[], reader: JavaScriptReader): string[] {
  if (reader.depth > MAX_DEPTH) return [];
  const deeper = { ...reader, depth: reader.depth + 1 };
  return nodes.flatMap((node) => {
    switch (node.name) {
      case 'VariableDefinition':
      case 'VariableName':
        return [sourceOf(node, reader)];
      case 'ObjectPattern':
      case 'ArrayPattern':
      case 'PatternProperty':
      case 'ObjectExpression':
      case 'ArrayExpression':
      case 'Property':
        return targetNames(node.children, deeper);
      case 'MemberExpression': {
        const name = changedName(node, reader);
        return name === undefined ? [] : [name];
      }
      default:
        return [];
    }
  });
}

/** A function, arrow function or method, whatever its node is called. */
export function functionNode(node: Node, reader: JavaScriptReader): FunctionNode {
  const list = childNamed(node, 'ParamList');
  const inner = list ? list.children.filter((child) => child.name !== '(' && child.name !== ')') : [];
  const parameters = splitAt(inner, ',').map((group): Parameter => {
    const [first] = group;
    if (first?.name !== 'VariableDefinition') return { others: targetNames(group, reader) };
    const equals = group.findIndex((child) => child.name === 'Equals');
    const fallback = equals < 0 ? undefined : group[equals + 1];
    return { name: sourceOf(first, reader), fallback: fallback && expression(fallback, reader), others: [] };
  });
  const block = childNamed(node, 'Block');
  const { children } = node;
  const arrow = children.findIndex((child) => child.name === 'Arrow');
  const result = arrow < 0 ? undefined : children[arrow + 1];
  let body: readonly Statement[] = [];
  if (result && result.name !== 'Block') body = [{ kind: 'evaluate', value: expression(result, reader) }];
  else if (block) body = reader.block(block.children, reader);
  return { kind: 'function', at: node.from, parameters, body };
}
