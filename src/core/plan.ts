// A plan gives formats to slots. It is written as JSON: { "version": 1, "formats": { "conv1/weight": "fixed<4,0>", … } };
// a slot that is not named stays float32.

import { BitLensError } from './errors.ts';
import type { Slots } from './ir/slots.ts';
import { parseFormat, printFormat, type Format } from './quantizers/format.ts';
import type { PlanFormats } from './result.ts';

export const PLAN_VERSION = 1;

/** Text of a plan file. Slots keep their order. */
export function printPlan(model: string, formats: PlanFormats): string {
  return `${JSON.stringify({ version: PLAN_VERSION, model, formats }, null, 2)}\n`;
}

/** Formats of a plan file. Throws `bad-plan` naming the file and what is wrong with it. */
export function readPlan(text: string, file: string): PlanFormats {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new BitLensError('bad-plan', ['{0} is not JSON: {1}', file, (error as Error).message]);
  }
  const hint = ['A plan is written as {"version": 1, "formats": {"conv1/weight": "fixed<4,0>"}}.'] as const;
  if (!isRecord(json) || !isRecord(json['formats'])) {
    throw new BitLensError('bad-plan', ['{0} has no “formats”.', file], hint);
  }
  if (json['version'] !== PLAN_VERSION) {
    throw new BitLensError(
      'bad-plan',
      ['{0} is a plan of version {1}.', file, String(json['version'])],
      ['This BitLens reads version {0}.', PLAN_VERSION],
    );
  }
  const formats: Record<string, string> = {};
  for (const [slot, format] of Object.entries(json['formats'])) {
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
