// What a call calls: the constructor of a layer, or a function of the file with the arguments it is given.

import type { Dialect, LayerConstructor } from '../dialects/dialect.ts';
import type { Call, Expression, FunctionNode } from '../syntax/syntax.ts';
import { resolve, type Scope } from './bindings.ts';

/** The class that all meanings of a callee construct. */
export function constructorOf(
  paths: readonly (readonly string[])[],
  dialects: readonly Dialect[],
): LayerConstructor | undefined {
  const all = paths.flatMap((path) =>
    dialects.map((dialect) => dialect.layer(path)).filter((one) => one !== undefined),
  );
  const classes = new Set(all.map((one) => one.className));
  return classes.size === 1 ? all[0] : undefined;
}

/** A name bound once to a function; a method of the class around (`self.block`, `this.block`). */
export function functionOf(callee: Expression, from: Scope): FunctionNode | undefined {
  if (callee.kind === 'function') return callee;
  const method = callee.kind === 'member' && callee.object.kind === 'name' ? callee : undefined;
  const isOwn = method?.object.kind === 'name' && ['self', 'cls', 'this'].includes(method.object.name);
  let scope: Scope | undefined = from;
  while (isOwn && scope && scope.kind !== 'class') scope = scope.parent;
  const named = callee.kind === 'name' ? resolve(from, callee.name)?.bindings : undefined;
  const [binding, second] = (isOwn ? scope?.bindings.get(method.property) : named) ?? [];
  if (binding?.kind !== 'value' || second) return undefined;
  return binding.value.kind === 'function' ? binding.value : undefined;
}

export interface Passed {
  readonly name: string;
  readonly passed: Expression | undefined;
  /** What the parameter is when nothing is passed; undefined where the text does not show all arguments. */
  readonly fallback: Expression | undefined;
}

/** The parameters of a function with what a call passes for them. */
export function passedTo(target: FunctionNode, call: Call): readonly Passed[] {
  const [receiver] = target.parameters;
  const isMethod = call.callee.kind === 'member' && (receiver?.name === 'self' || receiver?.name === 'cls');
  const positional = call.arguments.filter(({ key }) => key === undefined);
  return target.parameters.slice(isMethod ? 1 : 0).flatMap(({ name, fallback }, at) => {
    if (name === undefined) return [];
    const passed = call.arguments.find(({ key }) => key === name) ?? positional[at];
    return [{ name, passed: passed?.value, fallback: call.spread ? undefined : fallback }];
  });
}
