// Typed access to the configuration of one layer. What is missing takes Keras's default; what is wrong gives an
// error that names the file, the layer and the key.

import type { BitLensError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../jsonObject.ts';
import { damaged } from './damaged.ts';
import type { KerasLayer, KerasSource } from './model.ts';

export interface Config {
  readonly name: string;
  readonly className: string;
  readonly keras: 2 | 3;
  raw(key: string): unknown;
  /** A positive integer. */
  count(key: string, fallback?: number): number;
  number(key: string, fallback?: number): number;
  flag(key: string, fallback: boolean): boolean;
  text(key: string, fallback: string): string;
  /** One positive integer per spatial axis; a single one stands for all. */
  perAxis(key: string, axes: number, fallback?: number | readonly number[]): readonly number[];
  /** The configuration of a layer inside this one; messages keep the name of the outer one. */
  inner(className: string, values: JsonObject): Config;
  /** The same with other values for some keys. */
  with(values: JsonObject): Config;
  /** The error for a value that makes no sense. */
  bad(key: string): BitLensError;
  /** The error for a layer that cannot be as the file says. */
  wrong(why: string): BitLensError;
}

/** Larger extents cannot be in a file that is read into memory. */
const MAX_COUNT = 2 ** 31 - 1;

export function configOf(
  layer: Pick<KerasLayer, 'name' | 'className' | 'config'>,
  source: KerasSource,
): Config {
  const { name, className, config } = layer;
  const wrong = (why: string) => damaged(['{0}: layer {1} ({2}) {3}.', source.file, name, className, why]);
  const bad = (key: string) =>
    wrong(
      config[key] === undefined
        ? `has no ${key}`
        : `has ${key} = ${JSON.stringify(config[key]).slice(0, 80)}`,
    );
  const present = (key: string) => config[key] !== undefined && config[key] !== null;
  const isCount = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= MAX_COUNT;
  return {
    name,
    className,
    keras: source.keras,
    raw: (key) => config[key],
    inner: (innerClass, values) => configOf({ name, className: innerClass, config: values }, source),
    with: (values) => configOf({ name, className, config: { ...config, ...values } }, source),
    bad,
    wrong,
    count(key, fallback) {
      const value = present(key) ? plainNumber(config[key]) : fallback;
      if (!isCount(value)) throw bad(key);
      return value;
    },
    number(key, fallback) {
      const value = present(key) ? plainNumber(config[key]) : fallback;
      if (value === undefined || !Number.isFinite(value)) throw bad(key);
      return value;
    },
    flag: (key, fallback) => (typeof config[key] === 'boolean' ? config[key] : fallback),
    text: (key, fallback) => (typeof config[key] === 'string' ? config[key] : fallback),
    perAxis(key, axes, fallback) {
      const value = present(key) ? config[key] : fallback;
      const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value);
      if (list.length !== axes || !list.every(isCount)) throw bad(key);
      return list;
    },
  };
}

/** Numbers are sometimes wrapped: NumPy scalars of Keras 2, `__tensor__` and `__numpy__` of Keras 3. */
export function plainNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (!isObject(value)) return undefined;
  return plainNumber(isObject(value['config']) ? value['config']['value'] : value['value']);
}
