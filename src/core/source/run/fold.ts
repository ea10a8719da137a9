// Values of expressions as far as the text alone tells them: literals, arithmetic, constants that are assigned once,
// and parameters of a function whose call passes literals. Anything in doubt is undefined, never a guess.

import type { Setting } from '../../ir/graph.ts';
import type { Expression } from '../syntax/syntax.ts';
import { resolve, type Scope } from './bindings.ts';

/** null: None or null. undefined: not known. */
export type Folded = Setting | null | undefined;

/** A call of a function of the file that is being followed; `caller` is the call around it. */
export interface Activation {
  readonly scope: Scope;
  readonly values: ReadonlyMap<string, Folded>;
  readonly caller: Activation | undefined;
}

/** Where an expression stands. */
export interface Context {
  readonly scope: Scope;
  readonly activation: Activation | undefined;
}

/** Bounds work on hostile constants (`a = b + b; b = c + c; …`). */
const MAX_STEPS = 400;

export function fold(expression: Expression, context: Context): Folded {
  return step(expression, context, { steps: MAX_STEPS });
}

/** Is the value one that counts as true? undefined when it is not known. */
export function truth(expression: Expression, context: Context): boolean | undefined {
  return truthOf(fold(expression, context));
}

function truthOf(value: Folded): boolean | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? value !== null && value.length > 0 : Boolean(value);
}

function step(expression: Expression, context: Context, budget: { steps: number }): Folded {
  budget.steps -= 1;
  if (budget.steps < 0) return undefined;
  const inner = (part: Expression): Folded => step(part, context, budget);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list': {
      const items = expression.items.map(inner);
      return items.every((item) => typeof item === 'number') ? items : undefined;
    }
    case 'text':
      return joined(expression.parts.map(inner));
    case 'name':
      return named(expression.name, context, budget);
    case 'operation':
      return operate(expression.operator, expression.operands.map(inner));
    case 'choice': {
      for (const arm of expression.arms) {
        const taken = truthOf(inner(arm.test));
        if (taken === undefined) return undefined;
        if (taken) return inner(arm.body);
      }
      return undefined;
    }
    case 'assignment':
      return inner(expression.value);
    default:
      return undefined;
  }
}

function named(name: string, context: Context, budget: { steps: number }): Folded {
  const found = resolve(context.scope, name);
  const [binding, second] = found?.bindings ?? [];
  if (!found || !binding || second) return undefined;
  if (binding.kind === 'value') return step(binding.value, { ...context, scope: found.scope }, budget);
  if (binding.kind === 'unknown') return undefined;
  for (let at = context.activation; at; at = at.caller) {
    if (at.scope === found.scope) return at.values.get(name);
  }
  return undefined;
}

/** Text and whole numbers; how a fraction is printed differs between languages. */
function joined(parts: readonly Folded[]): string | undefined {
  const texts = parts.map((part) => (Number.isInteger(part) ? String(part) : part));
  return texts.every((part) => typeof part === 'string') ? texts.join('') : undefined;
}

function operate(operator: string, operands: readonly Folded[]): Folded {
  const [left, right] = operands;
  if (left === undefined) return undefined;
  if (operator === 'and' || operator === '&&') return truthOf(left) ? right : left;
  if (operator === 'or' || operator === '||') return truthOf(left) ? left : right;
  if (operator === '??') return left ?? right;
  if (operands.length === 1) return unary(operator, left);
  if (right === undefined) return undefined;
  if (typeof left === 'number' && typeof right === 'number') return arithmetic(operator, left, right);
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') return left + right;
  return compare(operator, left, right);
}

function unary(operator: string, value: Exclude<Folded, undefined>): Folded {
  if (operator === 'not' || operator === '!') return truthOf(value) === false;
  if (typeof value !== 'number') return undefined;
  if (operator === '-') return -value;
  return operator === '+' ? value : undefined;
}

function arithmetic(operator: string, left: number, right: number): Folded {
  const result = ((): number | undefined => {
    switch (operator) {
      case '+':
        return left + right;
      case '-':
        return left - right;
      case '*':
        return left * right;
      case '/':
        return left / right;
      case '//':
        return Math.floor(left / right);
      case '%':
        return left >= 0 && right > 0 ? left % right : undefined;
      case '**':
        return left ** right;
      default:
        return undefined;
    }
  })();
  return result === undefined || !Number.isFinite(result) ? compare(operator, left, right) : result;
}

function compare(operator: string, left: Folded, right: Folded): Folded {
  if (Array.isArray(left) || Array.isArray(right)) return undefined;
  switch (operator) {
    case '==':
    case '===':
    case 'is':
      return left === right;
    case '!=':
    case '!==':
    case 'is not':
      return left !== right;
    default:
      break;
  }
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      return undefined;
  }
}
