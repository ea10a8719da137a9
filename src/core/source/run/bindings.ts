// Which names each scope of a program binds, and to what: the ground on which fold.ts finds constants, paths.ts
// imports and aliases, and walk.ts the functions of the file.

import { dotted, partsOf, type Expression, type FunctionNode, type Statement } from '../syntax/syntax.ts';

export interface Scope {
  /** `''` the module, `build`, `Net.build`, `build.block`; unique in the file. */
  readonly id: string;
  readonly kind: 'module' | 'function' | 'class';
  readonly parent: Scope | undefined;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  /** Packages imported with a star. */
  readonly stars: readonly (readonly string[])[];
  readonly body: readonly Statement[];
  /** The function whose scope it is. */
  readonly node: FunctionNode | undefined;
}

/** One place that gives a name a value. */
export type Binding =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'parameter' }
  /** A loop variable, a changed value, a second assignment through `global` … */
  | { readonly kind: 'unknown' };

export interface Scopes {
  readonly module: Scope;
  /** In the order of the text. */
  readonly functions: ReadonlyMap<FunctionNode, Scope>;
}

/** Methods that change a list in place: after them its literal no longer tells its value. */
const CHANGES = new Set(
  'append extend insert pop remove clear sort reverse push unshift splice shift fill'.split(' '),
);

interface Draft extends Scope {
  readonly parent: Draft | undefined;
  readonly bindings: Map<string, Binding[]>;
  readonly stars: (readonly string[])[];
}

interface Collector {
  readonly functions: Map<FunctionNode, Scope>;
  readonly ids: Map<string, number>;
  /** Assignments whose scope can be told only when everything is declared. */
  readonly pending: {
    readonly scope: Draft;
    readonly name: string;
    readonly value?: Expression | undefined;
  }[];
}

export function bindingsOf(body: readonly Statement[]): Scopes {
  const collector: Collector = { functions: new Map(), ids: new Map(), pending: [] };
  const module = draft('', 'module', undefined, body, collector);
  collect(body, module, collector);
  for (const { scope, name, value } of collector.pending) {
    const owner = declaring(scope, name) ?? module;
    // A function may run at any time, so what it assigns outside is not a constant.
    const constant = value !== undefined && owner === scope;
    add(owner, name, constant ? { kind: 'value', value } : { kind: 'unknown' });
  }
  return { module, functions: collector.functions };
}

/** The scope, this or an enclosing one, that binds a name. The body of a class is not visible in its methods. */
export function resolve(
  scope: Scope,
  name: string,
): { scope: Scope; bindings: readonly Binding[] } | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const bindings = at.kind === 'class' && at !== scope ? undefined : at.bindings.get(name);
    if (bindings) return { scope: at, bindings };
  }
  return undefined;
}

function declaring(scope: Draft, name: string): Draft | undefined {
  let at: Draft | undefined = scope;
  while (at && !at.bindings.has(name)) at = at.parent;
  return at;
}

function draft(
  id: string,
  kind: Scope['kind'],
  parent: Draft | undefined,
  body: readonly Statement[],
  collector: Collector,
  node?: FunctionNode,
): Draft {
  const full = parent && parent.id !== '' ? `${parent.id}.${id}` : id;
  const count = (collector.ids.get(full) ?? 0) + 1;
  collector.ids.set(full, count);
  const unique = count === 1 ? full : `${full}#${count}`;
  return { id: unique, kind, parent, bindings: new Map(), stars: [], body, node };
}

function add(scope: Draft, name: string, binding: Binding): void {
  const known = scope.bindings.get(name);
  if (known) known.push(binding);
  else scope.bindings.set(name, [binding]);
}

function collect(statements: readonly Statement[], scope: Draft, collector: Collector): void {
  for (const statement of statements) {
    switch (statement.kind) {
      case 'evaluate':
        visit(statement.value, scope, collector);
        break;
      case 'bind':
        bind(statement, scope, collector);
        break;
      case 'declare':
        if (!scope.bindings.has(statement.name)) scope.bindings.set(statement.name, []);
        break;
      case 'star':
        scope.stars.push(statement.path);
        break;
      case 'outer':
        for (const name of statement.names)
          if (scope.parent) collector.pending.push({ scope: scope.parent, name });
        break;
      case 'branch':
        for (const arm of statement.arms) {
          visit(arm.test, scope, collector);
          collect(arm.body, scope, collector);
        }
        break;
      case 'loop':
        collectLoop(statement.body, scope, collector);
        break;
      case 'class': {
        const inner = draft(statement.name, 'class', scope, statement.body, collector);
        add(scope, statement.name, { kind: 'unknown' });
        collect(statement.body, inner, collector);
        break;
      }
      case 'leave':
        break;
    }
  }
}

/** What a loop assigns may change with every round. */
function collectLoop(body: readonly Statement[], scope: Draft, collector: Collector): void {
  const before = new Map([...scope.bindings].map(([name, bindings]) => [name, bindings.length]));
  collect(body, scope, collector);
  for (const [name, bindings] of scope.bindings) {
    const isNew = bindings.length > (before.get(name) ?? 0);
    const last = bindings.at(-1);
    // An alias of a layer class or a function stays what it is.
    if (isNew && last?.kind === 'value' && last.value.kind !== 'function' && last.value.kind !== 'path')
      bindings.push({ kind: 'unknown' });
  }
}

function bind(statement: Extract<Statement, { kind: 'bind' }>, scope: Draft, collector: Collector): void {
  const { value, names, declares } = statement;
  for (const name of names) {
    if (!declares) collector.pending.push({ scope, name, value });
    else add(scope, name, value ? { kind: 'value', value } : { kind: 'unknown' });
  }
  if (value?.kind === 'function') enter(value, names[0] ?? 'function', scope, collector);
  else if (value) visit(value, scope, collector);
}

function enter(node: FunctionNode, name: string, parent: Draft, collector: Collector): void {
  const scope = draft(name, 'function', parent, node.body, collector, node);
  for (const parameter of node.parameters) {
    if (parameter.name !== undefined) add(scope, parameter.name, { kind: 'parameter' });
    for (const other of parameter.others) add(scope, other, { kind: 'unknown' });
    if (parameter.fallback) visit(parameter.fallback, parent, collector);
  }
  collector.functions.set(node, scope);
  collect(node.body, scope, collector);
}

function visit(expression: Expression, scope: Draft, collector: Collector): void {
  switch (expression.kind) {
    case 'function':
      enter(expression, 'function', scope, collector);
      return;
    case 'repeat':
      for (const name of expression.names) add(scope, name, { kind: 'unknown' });
      break;
    case 'assignment':
      collector.pending.push({ scope, name: expression.name });
      break;
    case 'call': {
      const { callee } = expression;
      const changed = callee.kind === 'member' && CHANGES.has(callee.property) && dotted(callee.object);
      if (changed) collector.pending.push({ scope, name: changed });
      break;
    }
    default:
      break;
  }
  for (const part of partsOf(expression)) visit(part, scope, collector);
}
