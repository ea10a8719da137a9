// How QKeras files spell a quantizer, before anything is known about it: text such as `quantized_bits(6,0,alpha=1)`,
// or an object {class_name, config}. The registry gives it a meaning.
// Reference: qkeras/safe_eval.py, qkeras/quantizers.py (get_quantizer).

import { BitLensError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../jsonObject.ts';

export type Argument = number | boolean | string | null | readonly number[];

export interface Spelling {
  readonly name: string;
  readonly positional: readonly Argument[];
  readonly named: Readonly<Record<string, Argument>>;
}

/**
 * @param value text or object of the file
 * @throws `unsupported` for what QKeras could not read either
 */
export function parseSpelling(value: unknown): Spelling {
  if (typeof value === 'string') return parseText(value.trim());
  if (isObject(value) && typeof value['class_name'] === 'string') return parseObject(value);
  throw unreadable(JSON.stringify(value));
}

const unreadable = (text: string | undefined) =>
  new BitLensError('unsupported', ['the quantizer {0} cannot be read', (text ?? 'undefined').slice(0, 120)]);

/**
 * QKeras splits at every parenthesis and reads arguments only when there is exactly one: of a nested spelling such as
 * `quantized_relu(quantized_bits(4, 0, alpha=1), 0)` it drops all of them and takes the defaults.
 */
function parseText(text: string): Spelling {
  const parts = text.split('(');
  const name = parts[0]!.trim();
  if (!/^\w+$/.test(name)) throw unreadable(text);
  if (parts.length !== 2) return { name, positional: [], named: {} };
  const inside = /^([^)]*)\)$/.exec(parts[1]!.trim())?.[1];
  if (inside === undefined) throw unreadable(text);
  const positional: Argument[] = [];
  const named: Record<string, Argument> = {};
  for (const entry of inside.trim() === '' ? [] : inside.split(',')) {
    const [key, ...rest] = entry.split('=');
    if (rest.length === 0) positional.push(literal(key!.trim(), text));
    else named[key!.trim()] = literal(rest.join('=').trim(), text);
  }
  return { name, positional, named };
}

function literal(word: string, text: string): Argument {
  if (word === 'True' || word === 'False') return word === 'True';
  if (word === 'None') return null;
  const list = /^\[(.*)\]$/.exec(word)?.[1];
  const numbers = (list ?? word).trim().split(/\s+/).map(Number);
  if (word !== '' && numbers.every((number) => !Number.isNaN(number)))
    return list === undefined ? numbers[0]! : numbers;
  const quoted = /^(['"])(.*)\1$/.exec(word)?.[2];
  if (quoted === undefined) throw unreadable(text);
  return quoted;
}

/** Keras 2 and Keras 3 (which adds module and registered_name). Functions are stored by name. */
function parseObject(value: JsonObject): Spelling {
  const name = String(value['class_name']).replace(/^.*>/, '');
  const { config } = value;
  if (name === 'function' && typeof config === 'string') return parseText(config);
  const named: Record<string, Argument> = {};
  for (const [key, stored] of Object.entries(isObject(config) ? config : {})) {
    const argument = plain(stored);
    if (argument === undefined) throw unreadable(`${name}(${key}=${JSON.stringify(stored)})`);
    named[key] = argument;
  }
  return { name, positional: [], named };
}

/** NumPy scalars and arrays are wrapped: {class_name: "__numpy__" | "__tensor__" | "ndarray", config: {value}}. */
function plain(value: unknown): Argument | undefined {
  if (value === null || ['number', 'boolean', 'string'].includes(typeof value)) return value as Argument;
  if (Array.isArray(value)) {
    const flat: unknown[] = value.flat(Infinity);
    const numbers = flat.filter((entry): entry is number => typeof entry === 'number');
    return numbers.length === flat.length ? numbers : undefined;
  }
  if (!isObject(value)) return undefined;
  const inside = isObject(value['config']) ? value['config']['value'] : value['value'];
  return inside === undefined ? undefined : plain(inside);
}
