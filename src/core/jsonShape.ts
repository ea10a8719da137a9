// What JSON from a file must look like, as functions put together: each tells the path of the first part that is not
// as it should be, `candidates[2].drop`, or undefined when all is well.

import { isObject } from './jsonObject.ts';

export type Shape = (value: unknown, path: string) => string | undefined;

export const text: Shape = (value, path) => (typeof value === 'string' ? undefined : path);

/** NaN counts: it is a number that could not be measured. */
export const number: Shape = (value, path) => (typeof value === 'number' ? undefined : path);

/** 0, 1, 2 … */
export const index: Shape = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : path;

export const flag: Shape = (value, path) => (typeof value === 'boolean' ? undefined : path);

/** May be missing. */
export const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? undefined : shape(value, path);

export const nullable =
  (shape: Shape): Shape =>
  (value, path) =>
    value === null ? undefined : shape(value, path);

export const oneOf =
  (allowed: readonly string[]): Shape =>
  (value, path) =>
    typeof value === 'string' && allowed.includes(value) ? undefined : path;

/** One of the literals of a union; the compiler asks for each of them. */
export const literal = <T extends string>(allowed: Readonly<Record<T, true>>): Shape =>
  oneOf(Object.keys(allowed));

export const list =
  (item: Shape): Shape =>
  (value, path) =>
    Array.isArray(value) ? first(value, (one, at) => item(one, `${path}[${at}]`)) : path;

/** An object whose keys are free. */
export const dictionary =
  (item: Shape): Shape =>
  (value, path) =>
    isObject(value)
      ? first(Object.entries(value), ([key, one]) => item(one, `${path}[${JSON.stringify(key)}]`))
      : path;

/** An object with these keys and perhaps others. The compiler asks for every key of T. */
export const object =
  <T>(fields: { readonly [K in keyof Required<T>]: Shape }): Shape =>
  (value, path) =>
    isObject(value)
      ? first(Object.entries<Shape>(fields), ([key, shape]) =>
          // Not what every object inherits: `constructor` is no part of a file.
          shape(Object.hasOwn(value, key) ? value[key] : undefined, path === '' ? key : `${path}.${key}`),
        )
      : path;

function first<T>(
  items: readonly T[],
  look: (item: T, at: number) => string | undefined,
): string | undefined {
  for (const [at, item] of items.entries()) {
    const wrong = look(item, at);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
