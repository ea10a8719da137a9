// Does a call construct a layer like this one? Compares the literals of the call, and what its missing arguments mean,
// with the hyper-parameters in the model file.

import type { Setting } from '../../ir/graph.ts';
import type { Argument } from '../callSite.ts';
import { LAYER_CLASSES } from '../layerClasses.ts';

export interface Contradiction {
  readonly key: string;
  readonly code: Setting;
  readonly file: Setting;
}

export interface Agreement {
  /** Keys that are written in the code and agree. */
  readonly agreeing: readonly string[];
  readonly contradictions: readonly Contradiction[];
  /** A hyper-parameter of the file is given in the code, but not as a literal. */
  readonly unknown: boolean;
}

/** The part of a call that is compared. */
export interface Given {
  readonly className: string;
  readonly keywords: Readonly<Record<string, Argument>>;
  /** Arguments may be passed that the text does not show. */
  readonly open: boolean;
}

/** Not hyper-parameters of the layer, or stored in another form. */
const IGNORED = new Set(
  'name dtype trainable seed shape input_shape batch_input_shape batch_shape batch_size data_format'.split(
    ' ',
  ),
);
/** Names of the same argument in different versions. */
const SYNONYMS = new Map([['LeakyReLU', ['alpha', 'negative_slope']]]);
const ACTIVATIONS = new Map([
  ['swish', 'silu'],
  ['hard_swish', 'hard_silu'],
]);

export function agreement(given: Given, settings: Readonly<Record<string, Setting>>): Agreement {
  const agreeing: string[] = [];
  const contradictions: Contradiction[] = [];
  let unknown = false;
  const defaults = given.open ? undefined : LAYER_CLASSES.get(given.className)?.defaults;
  for (const [key, file] of Object.entries(settings)) {
    if (IGNORED.has(key)) continue;
    const argument = lookUp(given, key);
    const code = argument ? literal(argument) : own(defaults, key);
    if (code === undefined) unknown ||= argument !== undefined;
    else {
      const same = equal(key, code, file);
      if (same === false) contradictions.push({ key, code, file });
      else if (same && argument) agreeing.push(key);
    }
  }
  return { agreeing, contradictions, unknown };
}

/** Keys come from files: `constructor` must not be found. */
const own = <Value>(values: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined =>
  values && Object.hasOwn(values, key) ? values[key] : undefined;

/** `filters is 64 in the code and 32 in the model file`. */
export function printContradiction({ key, code, file }: Contradiction): string {
  return `${key} is ${JSON.stringify(code)} in the code and ${JSON.stringify(file)} in the model file`;
}

const literal = (argument: Argument): Setting | undefined =>
  'literal' in argument ? argument.literal : undefined;

function lookUp({ className, keywords }: Given, key: string): Argument | undefined {
  const synonyms = SYNONYMS.get(className);
  const keys = synonyms?.includes(key) ? synonyms : [key];
  return keys.map((name) => own(keywords, name)).find((argument) => argument !== undefined);
}

/** undefined: the two forms cannot be compared. `3` equals `[3, 3]`. */
function equal(key: string, code: Setting, file: Setting): boolean | undefined {
  if (isList(code) || isList(file)) return equalLists(key, code, file);
  if (typeof code === 'string' && typeof file === 'string') return canonical(code) === canonical(file);
  if (typeof code === 'string' || typeof file === 'string') return undefined;
  const [a, b] = [Number(code), Number(file)];
  // -1 is the last axis, which the file may count from the front.
  if (key.startsWith('ax') && a < 0 !== b < 0) return undefined;
  // Files may hold numbers in single precision.
  return Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));
}

function equalLists(key: string, code: Setting, file: Setting): boolean | undefined {
  const isAxis = key.startsWith('ax');
  if (isList(code) && isList(file)) {
    // Padding and cropping may be stored per side.
    const sided = key === 'padding' || key === 'cropping';
    if (code.length !== file.length) return sided || isAxis ? undefined : false;
    return code.every((item, at) => equal(key, item, file[at]!) !== false);
  }
  const [list, scalar] = isList(code) ? [code, file] : [file as readonly number[], code];
  if (typeof scalar !== 'number') return undefined;
  return list.every((item) => equal(key, item, scalar) !== false);
}

const isList = (value: Setting): value is readonly number[] => typeof value === 'object';

function canonical(text: string): string {
  const lower = text.toLowerCase();
  return ACTIVATIONS.get(lower) ?? lower;
}
