// A result read back from a file. The file may be old, cut short or made by another hand: what is not a result of this
// version is refused, so that views and lenses can rely on every index and name in it.

import { BitLensError, type Sentence } from './errors.ts';
import { RESULT_VERSION, type Result } from './result.ts';
import { RESULT_SHAPE } from './resultShape.ts';

/** Figures that are always numbers. JSON has no NaN and writes null for one that could not be measured. */
const NEVER_NULL: ReadonlySet<string> = new Set(['sqnr', 'mse', 'drop', 'dropBound']);

/** Throws `bad-file` naming the file and the part that is wrong. */
export function parseResult(text: string, file: string): Result {
  let json: unknown;
  try {
    json = JSON.parse(text, (key, value: unknown) => (value === null && NEVER_NULL.has(key) ? NaN : value));
  } catch {
    throw refused(['{0} is not a result of BitLens: it is not JSON.', file]);
  }
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version !== 'number') {
    throw refused(['{0} is not a result of BitLens: it has no version.', file]);
  }
  if (version !== RESULT_VERSION) throw refused(['{0} is a result of another version ({1}).', file, version]);
  const wrong = RESULT_SHAPE(json, '') ?? danglingIndex(json as Result);
  if (wrong === undefined) return json as Result;
  throw refused(['{0} is not a whole result of BitLens: {1} is missing or wrong.', file, wrong]);
}

function refused(what: Sentence): BitLensError {
  return new BitLensError('bad-file', what, ['Run Quantize Model again.']);
}

/** The first index that names no candidate or basis. */
function danglingIndex({ candidates, bases, front, chosen }: Result): string | undefined {
  if (chosen !== null && !candidates[chosen]) return 'chosen';
  const at = front.findIndex((index) => !candidates[index]);
  if (at >= 0) return `front[${at}]`;
  const layers = candidates.flatMap(({ layers }, index) =>
    layers.map(({ basis }, position) => ({ basis, path: `candidates[${index}].layers[${position}].basis` })),
  );
  return layers.find(({ basis }) => basis.some((index) => !bases[index]))?.path;
}
