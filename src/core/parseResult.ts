// A result read back from a file. The file may be old, cut short or made by another hand: what is not a result of this
// version is refused, so that views and lenses can rely on every index and name in it.

import { BitLensError } from './errors.ts';
import { parseFormat } from './quantizers/format.ts';
import { RESULT_VERSION, type Candidate, type Result } from './result.ts';

/** Throws `bad-file` naming the file and the part that is wrong. */
export function parseResult(text: string, file: string): Result {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  const result = json as Result;
  if (!isRecord(json) || !('version' in json)) throw damaged(file, 'it has no version');
  if (json['version'] !== RESULT_VERSION) {
    throw new BitLensError(
      'bad-file',
      ['{0} is a result of another version ({1}).', file, String(json['version'])],
      ['Run Quantize Model again.'],
    );
  }
  const problem = problemOf(result);
  if (problem !== undefined) throw damaged(file, problem);
  return result;
}

function damaged(file: string, why: string): BitLensError {
  return new BitLensError(
    'bad-file',
    ['{0} is not a result of BitLens: {1}.', file, why],
    ['Run Quantize Model again.'],
  );
}

/** The first thing that is not as result.ts says; undefined when all is well. */
function problemOf(result: Result): string | undefined {
  const { model, sensitivity, candidates, front, chosen, settings } = result as Loose<Result>;
  const { layers, slots, groups } = (model ?? {}) as Loose<Result['model']>;
  const lists: Record<string, unknown> = {
    'model.layers': layers,
    'model.slots': slots,
    'model.groups': groups,
    'sensitivity.groups': sensitivity?.groups,
    'sensitivity.slots': sensitivity?.slots,
    candidates,
    front,
    costTable: result.costTable,
    bases: result.bases,
    notes: result.notes,
  };
  for (const [name, list] of Object.entries(lists)) {
    if (!Array.isArray(list)) return `${name} is missing`;
    if (name !== 'front' && name !== 'notes' && !list.every(isRecord))
      return `${name} has an entry that is none`;
  }
  for (const [name, part] of Object.entries({
    settings,
    float: result.float,
    calibration: result.calibration,
  }))
    if (!isRecord(part)) return `${name} is missing`;
  if (typeof result.key !== 'string' || typeof result.model.file !== 'string') return 'its key is missing';
  const isIndex = (index: unknown): boolean =>
    Number.isInteger(index) && result.candidates[index as number] !== undefined;
  if (!result.front.every(isIndex) || (chosen !== null && !isIndex(chosen))) return 'a candidate is missing';
  return layerProblem(result) ?? result.candidates.map(candidateProblem).find((one) => one !== undefined);
}

function layerProblem({ model }: Result): string | undefined {
  const whole = model.layers.every(
    ({ id, name, className, outputShape, weights, reads, biases, settings }) =>
      [id, name, className].every((text) => typeof text === 'string') &&
      [outputShape, weights, reads, biases].every(Array.isArray) &&
      isRecord(settings),
  );
  return whole ? undefined : 'a layer is incomplete';
}

function candidateProblem({
  label,
  plan,
  metrics,
  costs,
  layers,
  flips,
  drop,
}: Candidate): string | undefined {
  const whole =
    typeof label === 'string' &&
    typeof drop === 'number' &&
    [plan, metrics, costs].every(isRecord) &&
    [layers, flips].every((list) => Array.isArray(list) && list.every(isRecord));
  if (!whole) return 'a candidate is incomplete';
  try {
    for (const format of Object.values(plan)) parseFormat(format);
    return undefined;
  } catch (error) {
    return `a plan is wrong: ${BitLensError.from(error).message}`;
  }
}

/** As JSON may be: any part may be missing. */
type Loose<T> = { readonly [K in keyof T]?: T[K] };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
