// A plan gives formats to slots. It is written as JSON: { "version": 1, "formats": { "conv1/weight": "fixed<4,0>", … } };
// a slot that is not named stays float32. Weight formats without a scale get it from the weights by the method `range`.

import { BitLensError, type Sentence } from './errors.ts';
import type { Slots } from './ir/slots.ts';
import { isObject } from './jsonObject.ts';
import { parseFormat, printFormat, type Format } from './quantizers/format.ts';
import { weightRange, type RangeMethod } from './quantizers/range.ts';
import type { PlanFormats, QuantizeSettings } from './result.ts';

export const PLAN_VERSION = 1;

export interface Plan {
  readonly formats: PlanFormats;
  /** How scales and binary points that no format tells are set; MSE when the file does not say. */
  readonly range: RangeMethod;
}

const METHODS: readonly RangeMethod[] = ['minmax', 'percentile', 'mse'];

/** Text of a plan file. Slots keep their order. */
export function printPlan(model: string, formats: PlanFormats, range: QuantizeSettings['range']): string {
  const plan = { version: PLAN_VERSION, model, range: weightRange(range), formats };
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** What a plan file says. Throws `bad-plan` naming the file and what is wrong with it. */
export function readPlan(text: string, file: string): Plan {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BitLensError('bad-plan', ['{0} is not JSON: {1}', file, (error as Error).message]);
  }
  const hint = ['A plan is written as {"version": 1, "formats": {"conv1/weight": "fixed<4,0>"}}.'] as const;
  if (!isObject(json) || !isObject(json['formats'])) {
    throw new BitLensError('bad-plan', ['{0} has no “formats”.', file], hint);
  }
  if (json['version'] !== PLAN_VERSION) {
    throw new BitLensError(
      'bad-plan',
      ['{0} is a plan of version {1}.', file, String(json['version'])],
      ['This BitLens reads version {0}.', PLAN_VERSION],
    );
  }
  const { range = 'mse' } = json;
  const method = METHODS.find((known) => known === range);
  if (!method) {
    throw new BitLensError(
      'bad-plan',
      ['{0}: “{1}” is no way to set ranges.', file, String(range)],
      ['They are set by {0}.', METHODS.join(', ')],
    );
  }
  return { formats: readFormats(json['formats'], file, hint), range: method };
}

function readFormats(json: Record<string, unknown>, file: string, hint: Sentence): PlanFormats {
  const formats: Record<string, string> = {};
  for (const [slot, format] of Object.entries(json)) {
    if (typeof format !== 'string')
      throw new BitLensError('bad-plan', ['{0}: the format of {1} is no text.', file, slot], hint);
    formats[slot] = printFormat(parseFormat(format));
  }
  return formats;
}

/** Formats by slot id, parsed. Throws `bad-plan` listing every slot the model does not have. */
export function bindPlan(formats: PlanFormats, slots: Slots): ReadonlyMap<string, Format> {
  const unknown = Object.keys(formats).filter((slot) => !slots.byId.has(slot));
  if (unknown.length > 0) {
    throw new BitLensError(
      'bad-plan',
      ['The model has no slot named {0}.', unknown.join(', ')],
      ['Its slots are {0}.', [...slots.byId.keys()].join(', ')],
    );
  }
  return new Map(Object.entries(formats).map(([slot, format]) => [slot, parseFormat(format)]));
}
