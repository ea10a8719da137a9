// JavaScript and TypeScript text -> statements, by @lezer/javascript. Half-typed text gives what can be told.

import { parser } from '@lezer/javascript';
import { functionNode, readJavaScript, targetNames, type JavaScriptReader } from './javascriptExpressions.ts';
import { arm, evaluate, expression, nested, others, sourceOf } from './reader.ts';
import { ALWAYS, UNKNOWN, type Expression, type Statement } from './syntax.ts';
import { childNamed, splitAt, type Node, nodesOf } from './tree.ts';

const JAVASCRIPT = parser.configure({ dialect: 'jsx' });
const TYPESCRIPT = parser.configure({ dialect: 'ts' });

export function parseJavaScript(text: string, typescript: boolean): readonly Statement[] {
  const reader: JavaScriptReader = { text, depth: 0, read: readJavaScript, block };
  return block(nodesOf((typescript ? TYPESCRIPT : JAVASCRIPT).parse(text)).children, reader);
}

function block(nodes: readonly Node[], reader: JavaScriptReader): Statement[] {
  return nested(nodes, reader, (node) => statement(node, reader));
}

function statement(node: Node, reader: JavaScriptReader): Statement[] {
  const { children } = node;
  switch (node.name) {
    case 'ImportDeclaration':
      return imports(node, children, reader);
    case 'ExportDeclaration':
    case 'Block':
    case 'LabeledStatement':
      return block(children, reader);
    case 'VariableDeclaration':
      return splitAt(
        children.filter((child) => !['const', 'let', 'var', ';'].includes(child.name)),
        ',',
      ).flatMap((group) => declaration(group, reader));
    case 'FunctionDeclaration':
    case 'MethodDeclaration':
    case 'PropertyDeclaration':
      return definition(node, children, reader);
    case 'ClassDeclaration':
    case 'ClassExpression': {
      const name = childNamed(node, 'VariableDefinition');
      const body = childNamed(node, 'ClassBody');
      const members = body ? block(body.children, reader) : [];
      return [{ kind: 'class', name: name ? sourceOf(name, reader) : '', body: members }];
    }
    case 'ReturnStatement':
    case 'ThrowStatement':
      return [...evaluate(children, reader), { kind: 'leave' }];
    case 'ExpressionStatement':
      return expressionStatement(children, reader);
    default:
      return compound(node, children, reader);
  }
}

function compound(node: Node, children: readonly Node[], reader: JavaScriptReader): Statement[] {
  switch (node.name) {
    case 'IfStatement':
      return ifStatement(node, children, reader);
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoStatement':
      return loop(children, reader);
    case 'SwitchStatement':
      return switchStatement(node, children, reader);
    case 'TryStatement': {
      const ways = [node, childNamed(node, 'CatchClause')].map(
        (owner) => owner && childNamed(owner, 'Block'),
      );
      const arms = ways.filter((way) => way !== undefined).map((way) => arm(UNKNOWN, block([way], reader)));
      const last = childNamed(node, 'FinallyClause');
      const after = last ? block(last.children, reader) : [];
      return [{ kind: 'branch', at: node.from, arms, total: true }, ...after];
    }
    default:
      return evaluate([node], reader);
  }
}

/** An assignment that is a statement of its own binds names of this or an enclosing scope. */
function expressionStatement(children: readonly Node[], reader: JavaScriptReader): Statement[] {
  return evaluate(children, reader).map((evaluated): Statement => {
    if (evaluated.kind !== 'evaluate' || evaluated.value.kind !== 'assignment') return evaluated;
    const { name, value } = evaluated.value;
    return { kind: 'bind', names: [name], value, declares: false };
  });
}

/** `import * as tf from 'm'`, `import tf, { layers as L } from 'm'`. */
function imports(node: Node, children: readonly Node[], reader: JavaScriptReader): Statement[] {
  const source = childNamed(node, 'String');
  const module = source ? sourceOf(source, reader).slice(1, -1) : '';
  const bind = (name: string, path: readonly string[]): Statement => ({
    kind: 'bind',
    names: [name],
    value: { kind: 'path', path },
    declares: true,
  });
  // A default import and a namespace import both stand for the module.
  const whole = children
    .filter((child) => child.name === 'VariableDefinition')
    .map((child) => bind(sourceOf(child, reader), [module]));
  const group = childNamed(node, 'ImportGroup');
  const named = splitAt(group ? group.children : [], ',').flatMap((parts) => {
    const words = parts.filter((part) => part.name === 'VariableName' || part.name === 'VariableDefinition');
    const [first, last] = [words[0], words.at(-1)];
    return first && last ? [bind(sourceOf(last, reader), [module, sourceOf(first, reader)])] : [];
  });
  return [...whole, ...named];
}

function declaration(group: readonly Node[], reader: JavaScriptReader): Statement[] {
  const [target] = group;
  if (!target) return [];
  const equals = group.findIndex((child) => child.name === 'Equals');
  const right = equals < 0 ? undefined : group[equals + 1];
  const value = right && expression(right, reader);
  if (target.name === 'VariableDefinition') {
    const name = sourceOf(target, reader);
    return value ? [{ kind: 'bind', names: [name], value, declares: true }] : [{ kind: 'declare', name }];
  }
  if (value && target.name === 'ObjectPattern') return destructured(target, value, reader);
  return [
    { kind: 'evaluate', value: value ?? others(group, reader) },
    { kind: 'bind', names: targetNames([target], reader), declares: true },
  ];
}

/** `const { dense, conv2d: conv } = tf.layers`. */
function destructured(pattern: Node, value: Expression, reader: JavaScriptReader): Statement[] {
  const simple = value.kind === 'name' || value.kind === 'member' || value.kind === 'path';
  const binds = pattern.children
    .filter((child) => child.name === 'PatternProperty')
    .map((property): Statement => {
      const [key, next, target] = property.children;
      const names = targetNames([property], reader);
      const plain =
        simple && key && names.length === 1 && (next === undefined || target?.name === 'VariableDefinition');
      if (!plain || key.name === 'Spread') return { kind: 'bind', names, declares: true };
      const member: Expression = { kind: 'member', object: value, property: sourceOf(key, reader) };
      return { kind: 'bind', names, value: member, declares: true };
    });
  return simple ? binds : [{ kind: 'evaluate', value }, ...binds];
}

function definition(node: Node, children: readonly Node[], reader: JavaScriptReader): Statement[] {
  const name = childNamed(node, 'VariableDefinition', 'PropertyDefinition', 'PrivatePropertyDefinition');
  const equals = children.findIndex((child) => child.name === 'Equals');
  const right = equals < 0 ? undefined : children[equals + 1];
  let value: Expression = UNKNOWN;
  if (node.name !== 'PropertyDeclaration') value = functionNode(node, reader);
  else if (right) value = expression(right, reader);
  return [{ kind: 'bind', names: [name ? sourceOf(name, reader) : ''], value, declares: true }];
}

function ifStatement(node: Node, children: readonly Node[], reader: JavaScriptReader): Statement[] {
  const [, test, yes] = children;
  const otherwise = children.findIndex((child) => child.name === 'else');
  const no = otherwise < 0 ? undefined : children[otherwise + 1];
  const arms = [arm(test ? expression(test, reader) : UNKNOWN, yes ? block([yes], reader) : [])];
  if (no) arms.push(arm(ALWAYS, block([no], reader)));
  return [{ kind: 'branch', at: node.from, arms, total: no !== undefined }];
}

function loop(children: readonly Node[], reader: JavaScriptReader): Statement[] {
  const spec = children.find((child) => ['ForSpec', 'ForInSpec', 'ForOfSpec'].includes(child.name));
  const inner = spec ? spec.children : [];
  const names = targetNames(inner, reader);
  const head = evaluate(
    inner.filter((child) => child.name !== 'VariableDefinition'),
    reader,
  );
  const body = block(
    children.filter((child) => child !== spec),
    reader,
  );
  return [...head, { kind: 'loop', body: [{ kind: 'bind', names, declares: true }, ...body] }];
}

/** Labels without statements share the next group; falling through from statements into the next case is not followed. */
function switchStatement(node: Node, children: readonly Node[], reader: JavaScriptReader): Statement[] {
  const body = children.find((child) => child.name === 'SwitchBody');
  const groups: Node[][] = [];
  let total = false;
  for (const child of body ? body.children : []) {
    const isLabel = child.name === 'CaseLabel' || child.name === 'DefaultLabel';
    if (child.name === 'DefaultLabel') total = true;
    if (!isLabel) groups.at(-1)?.push(child);
    else if (groups.at(-1)?.length !== 0) groups.push([]);
  }
  const arms = groups.map((group) => arm(UNKNOWN, block(group, reader)));
  return [...evaluate(children.slice(1, 2), reader), { kind: 'branch', at: node.from, arms, total }];
}
