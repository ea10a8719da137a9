// The little both languages have in common: what a scanner of layer constructors must know of a program.
// python.ts and javascript.ts read text into it; bindings.ts, fold.ts and walk.ts work on it.

import type { TextRange } from '../callSite.ts';

/** The parts of an expression stand in the order in which the language evaluates them. */
export type Expression =
  /** null: `None`, `null`, `undefined`. */
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  /** What an import binds: `['tensorflow', 'keras', 'layers']`, `['@tensorflow/tfjs', 'layers']`. */
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'member'; readonly object: Expression; readonly property: string }
  /** Tuple, list or array. */
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  /** Unary and binary operators as the text spells them, words separated by one space (`not in`). */
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] }
  /** f-string, template literal, adjacent strings. */
  | { readonly kind: 'text'; readonly parts: readonly Expression[] }
  /** Object literal of JavaScript; an entry without key is a spread or a computed key. */
  | { readonly kind: 'object'; readonly entries: readonly CallArgument[] }
  /** `a if test else b`, `test ? a : b`. */
  | { readonly kind: 'choice'; readonly at: number; readonly arms: readonly Arm<Expression>[] }
  /** What a comprehension yields; `names` are its loop variables. */
  | { readonly kind: 'repeat'; readonly body: Expression; readonly names: readonly string[] }
  | { readonly kind: 'assignment'; readonly name: string; readonly value: Expression }
  | Call
  | FunctionNode
  /** Anything else: its value is unknown, its parts may hold calls. */
  | { readonly kind: 'other'; readonly parts: readonly Expression[] };

export interface CallArgument {
  readonly key?: string | undefined;
  readonly value: Expression;
}

export interface Call {
  readonly kind: 'call';
  readonly callee: Expression;
  /** Positional (no key) and keyword arguments. */
  readonly arguments: readonly CallArgument[];
  /** `*args`, `**kwargs`, `...args`, a list that is not closed: more may be passed than the text shows. */
  readonly spread: boolean;
  /** Code that a parser drew into an argument list that is not closed yet; not arguments. */
  readonly overrun: readonly Expression[];
  readonly range: TextRange;
  readonly calleeRange: TextRange;
}

/** One way through a branch; `else` tests the literal true. */
export interface Arm<Body> {
  readonly test: Expression;
  readonly body: Body;
}

export interface Parameter {
  /** undefined for a pattern and for `*args`, `...rest`. */
  readonly name?: string | undefined;
  readonly fallback?: Expression | undefined;
  /** Names bound to values the text does not tell. */
  readonly others: readonly string[];
}

export interface FunctionNode {
  readonly kind: 'function';
  readonly at: number;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** Arms exclude each other. `total`: one of them is always taken. */
export interface Branch {
  readonly kind: 'branch';
  readonly at: number;
  readonly arms: readonly Arm<readonly Statement[]>[];
  readonly total: boolean;
}

/**
 * Gives names a value; without: one the text does not tell. A name may be dotted (`self.model`).
 * `declares` is false where the name may belong to an enclosing scope (an assignment in JavaScript).
 */
export interface Bind {
  readonly kind: 'bind';
  readonly names: readonly string[];
  readonly value?: Expression | undefined;
  readonly declares: boolean;
}

export type Statement =
  | { readonly kind: 'evaluate'; readonly value: Expression }
  | Bind
  /** `let x;` */
  | { readonly kind: 'declare'; readonly name: string }
  /** `from package import *`. */
  | { readonly kind: 'star'; readonly path: readonly string[] }
  /** `global`, `nonlocal`. */
  | { readonly kind: 'outer'; readonly names: readonly string[] }
  | Branch
  | { readonly kind: 'loop'; readonly body: readonly Statement[] }
  | { readonly kind: 'class'; readonly name: string; readonly body: readonly Statement[] }
  /** `return`, `raise`, `throw`: nothing after it in its block runs. */
  | { readonly kind: 'leave' };

export const UNKNOWN: Expression = { kind: 'other', parts: [] };
export const ALWAYS: Expression = { kind: 'literal', value: true };

/** `self.model` for a chain of members that starts at a name; undefined for anything else. */
export function dotted(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'member') return undefined;
  const object = dotted(expression.object);
  return object === undefined ? undefined : `${object}.${expression.property}`;
}

/** Expressions directly inside an expression, in order of evaluation; bodies of functions are not part. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
    case 'path':
    case 'function':
      return [];
    case 'member':
      return [expression.object];
    case 'list':
      return expression.items;
    case 'operation':
      return expression.operands;
    case 'text':
    case 'other':
      return expression.parts;
    case 'object':
      return expression.entries.map((entry) => entry.value);
    case 'choice':
      return expression.arms.flatMap((arm) => [arm.test, arm.body]);
    case 'repeat':
      return [expression.body];
    case 'assignment':
      return [expression.value];
    case 'call':
      return [
        expression.callee,
        ...expression.arguments.map((argument) => argument.value),
        ...expression.overrun,
      ];
  }
}
