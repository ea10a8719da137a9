// Runs a function of the file on paper: follows its statements, its branches, and the functions of the file it calls,
// and reports the layers it constructs in the order of construction. Values are known only as far as fold.ts tells.

import type { ArmChoice } from '../callSite.ts';
import type { Dialect, LayerConstructor } from '../dialects/dialect.ts';
import {
  dotted,
  partsOf,
  type Branch,
  type Call,
  type Expression,
  type FunctionNode,
  type Statement,
} from '../syntax/syntax.ts';
import { resolve, type Scope, type Scopes } from './bindings.ts';
import { fold, truth, type Activation, type Context, type Folded } from './fold.ts';
import { constructorOf, functionOf, passedTo } from './calls.ts';
import { pathsOf } from './paths.ts';

/** A constructor call that was reached. */
export interface Reached {
  readonly call: Call;
  readonly constructor: LayerConstructor;
  readonly way: Way;
}

/** How control came to a place. */
export interface Way extends Context {
  /** The function the place stands in and the arms around it: the scope of a call site. */
  readonly place: string;
  readonly arms: readonly ArmChoice[];
  readonly repeated: boolean;
  readonly container: string | undefined;
  /** Offsets of the calls that led here: makes branches and containers of each call distinct. */
  readonly route: string;
}

export interface Program {
  readonly scopes: Scopes;
  readonly dialects: readonly Dialect[];
  /** Expressions that may still be visited by following calls; bounds work on hostile text. */
  readonly budget: { visits: number };
}

/** What running a scope comes to. */
export interface Walked {
  /** Constructor calls in the order of construction. */
  readonly found: readonly Reached[];
  /** Functions of the file it calls. */
  readonly calls: ReadonlySet<Scope>;
}

interface Walk extends Program {
  readonly follow: ReadonlySet<Scope>;
  readonly found: Reached[];
  readonly calls: Set<Scope>;
  /** Functions being followed: a recursive call is not followed again. */
  readonly stack: Scope[];
  /** The Sequential or list a variable holds, by scope and name. */
  readonly containers: Map<string, string>;
}

const MAX_CALLS = 12;

/** Methods that call their function argument once an element. */
const MAPPERS = new Set('map forEach flatMap filter reduce reduceRight from'.split(' '));
/** Methods that put a layer into a container. */
const COLLECTORS = new Set(['add', 'append', 'push']);

/**
 * Runs a scope.
 * @param follow functions whose calls are followed
 * @returns undefined when following them is too much work
 */
export function walk(root: Scope, program: Program, follow: ReadonlySet<Scope>): Walked | undefined {
  const state: Walk = {
    ...program,
    follow,
    found: [],
    calls: new Set(),
    stack: [root],
    containers: new Map(),
  };
  const way: Way = {
    scope: root,
    activation: undefined,
    place: root.id,
    arms: [],
    repeated: false,
    container: undefined,
    route: '',
  };
  block(root.body, way, state);
  return follow.size > 0 && program.budget.visits < 0 ? undefined : state;
}

/** Returns the way on which control goes on behind the statements; undefined when it does not. */
function block(statements: readonly Statement[], start: Way, state: Walk): Way | undefined {
  let way = start;
  for (const statement of statements) {
    switch (statement.kind) {
      case 'evaluate':
        visit(statement.value, way, state);
        break;
      case 'bind': {
        const { value } = statement;
        const isList = value?.kind === 'list' || value?.kind === 'repeat';
        const own = isList ? `${way.route}list${state.found.length}.${statement.names.join()}` : undefined;
        const held = value && visit(value, own === undefined ? way : { ...way, container: own }, state);
        for (const name of statement.names) hold(name, own ?? held, way, state);
        break;
      }
      case 'branch': {
        const next = branch(statement, way, state);
        if (!next) return undefined;
        way = next;
        break;
      }
      case 'loop':
        block(statement.body, { ...way, repeated: true }, state);
        break;
      case 'class':
        block(statement.body, way, state);
        break;
      case 'leave':
        return undefined;
      case 'star':
      case 'outer':
      case 'declare':
        break;
    }
  }
  return way;
}

/** Follows every arm that may be taken; behind the branch only arms that did not leave go on. */
function branch(statement: Branch, way: Way, state: Walk): Way | undefined {
  const live: number[] = [];
  let certain = false;
  for (const [at, arm] of statement.arms.entries()) {
    visit(arm.test, way, state);
    const taken = truth(arm.test, way);
    if (taken === false) continue;
    live.push(at);
    certain = taken === true;
    if (certain) break;
  }
  const [only] = live;
  if (certain && live.length === 1) return block(statement.arms[only!]!.body, way, state) && way;
  const id = `${way.route}${statement.at}`;
  const of = statement.arms.length + (statement.total ? 0 : 1);
  const through = (taken: readonly number[]): Way => ({
    ...way,
    arms: [...way.arms, { branch: id, taken, of }],
  });
  const staying = live.filter((at) => {
    const place = `${way.place}/${statement.at}.${at}`;
    return block(statement.arms[at]!.body, { ...through([at]), place }, state) !== undefined;
  });
  const none = certain || statement.total ? [] : [of - 1];
  const open = [...staying, ...none];
  if (open.length === 0) return undefined;
  return staying.length === live.length ? way : through(open);
}

const holderKey = (name: string, way: Way): string =>
  `${(resolve(way.scope, name)?.scope ?? way.scope).id}:${name}`;

function hold(name: string, container: string | undefined, way: Way, state: Walk): void {
  if (container === undefined) state.containers.delete(holderKey(name, way));
  else state.containers.set(holderKey(name, way), container);
}

/** Visits an expression in the order of evaluation; returns the container it is, if it is one. */
function visit(expression: Expression, way: Way, state: Walk): string | undefined {
  if (state.follow.size > 0) state.budget.visits -= 1;
  if (state.follow.size > 0 && state.budget.visits < 0) return undefined;
  switch (expression.kind) {
    case 'name':
    case 'member': {
      const held = containerOf(expression, way, state);
      if (held !== undefined) return held;
      break;
    }
    case 'call':
      return visitCall(expression, way, state);
    case 'choice': {
      const arms = expression.arms.map(({ test, body }) => ({
        test,
        body: [{ kind: 'evaluate', value: body } as const],
      }));
      branch({ kind: 'branch', at: expression.at, arms, total: true }, way, state);
      return undefined;
    }
    case 'repeat':
      visit(expression.body, { ...way, repeated: true }, state);
      return undefined;
    case 'assignment': {
      const held = visit(expression.value, way, state);
      hold(expression.name, held, way, state);
      return held;
    }
    default:
      break;
  }
  for (const part of partsOf(expression)) visit(part, way, state);
  return undefined;
}

function visitCall(call: Call, way: Way, state: Walk): string | undefined {
  const paths = pathsOf(call.callee, way.scope);
  const constructor = constructorOf(paths, state.dialects);
  if (constructor) {
    // Layers among the arguments of a constructor (`activation=ReLU()`, a wrapped layer) are no layers of the model.
    if (constructor.applies) visitAll(call.arguments.slice(0, 1), way, state);
    state.found.push({ call, constructor, way });
    visitRest(call, way, state);
    return undefined;
  }
  const isContainer = paths.some((path) => state.dialects.some((dialect) => dialect.container(path)));
  if (isContainer) return visitContainer(call, way, state);
  const { callee } = call;
  const target = visit(callee.kind === 'member' ? callee.object : callee, way, state);
  const collects = callee.kind === 'member' && COLLECTORS.has(callee.property) && target !== undefined;
  const inside = collects ? { ...way, container: target } : way;
  visitAll(call.arguments, inside, state);
  visitRest(call, way, state);
  const mapped = callee.kind === 'member' && MAPPERS.has(callee.property);
  for (const { value } of call.arguments) {
    if (mapped && value.kind === 'function') enter(value, new Map(), { ...inside, repeated: true }, state);
  }
  followCall(call, inside, state);
  return undefined;
}

function visitAll(values: Call['arguments'], way: Way, state: Walk): void {
  for (const { value } of values) visit(value, way, state);
}

function visitRest(call: Call, way: Way, state: Walk): void {
  for (const part of call.overrun) visit(part, way, state);
}

function visitContainer(call: Call, way: Way, state: Walk): string {
  const [first] = call.arguments;
  const given = first && visitGiven(first.value, way, state);
  const id = given ?? `${way.route}${call.range.from}`;
  visitAll(given === undefined ? call.arguments : call.arguments.slice(1), { ...way, container: id }, state);
  visitRest(call, way, state);
  return id;
}

/** `Sequential(blocks)` is the list it is given. */
function visitGiven(value: Expression, way: Way, state: Walk): string | undefined {
  const layers =
    value.kind === 'object' ? value.entries.find((entry) => entry.key === 'layers')?.value : value;
  return layers && containerOf(layers, way, state);
}

function containerOf(value: Expression, way: Way, state: Walk): string | undefined {
  const name = dotted(value);
  return name === undefined ? undefined : state.containers.get(holderKey(name, way));
}

/** Follows a call of a function or method of the file, with the arguments it is called with. */
function followCall(call: Call, way: Way, state: Walk): void {
  const target = functionOf(call.callee, way.scope);
  const scope = target && state.scopes.functions.get(target);
  if (!scope) return;
  state.calls.add(scope);
  if (!state.follow.has(scope)) return;
  const values = new Map<string, Folded>();
  const outside: Context = { scope: scope.parent ?? way.scope, activation: way.activation };
  for (const { name, passed, fallback } of passedTo(target, call)) {
    const held = passed && containerOf(passed, way, state);
    if (held !== undefined) state.containers.set(`${scope.id}:${name}`, held);
    if (passed) values.set(name, fold(passed, way));
    else if (fallback) values.set(name, fold(fallback, outside));
  }
  enter(target, values, { ...way, route: `${way.route}${call.range.from}>` }, state);
}

function enter(node: FunctionNode, values: Activation['values'], way: Way, state: Walk): void {
  const scope = state.scopes.functions.get(node);
  if (!scope || state.stack.length > MAX_CALLS) return;
  if (state.stack.includes(scope)) {
    // Recursion: nobody knows how often the layers so far are constructed.
    for (const [at, reached] of state.found.entries())
      state.found[at] = { ...reached, way: { ...reached.way, repeated: true } };
    return;
  }
  state.stack.push(scope);
  const activation: Activation = { scope, values, caller: way.activation };
  block(node.body, { ...way, scope, activation, place: scope.id }, state);
  state.stack.pop();
}
