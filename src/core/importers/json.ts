// JSON that others wrote: parsed with a bound on its depth (later passes are recursive) and read as `unknown`.

import { strFromU8 } from 'fflate';
import { BitLensError } from '../errors.ts';

/** Keras needs about ten levels for each model inside a model. */
const MAX_DEPTH = 400;

/** @throws `bad-file` naming the file and, for a syntax error, what the parser says */
export function parseJson(bytes: Uint8Array, file: string): unknown {
  const text = strFromU8(bytes).replace(/^\uFEFF/, '');
  const depth = depthOf(text);
  if (depth > MAX_DEPTH)
    throw new BitLensError(
      'bad-file',
      ['{0} is nested {1} levels deep; no model needs more than {2}.', file, depth, MAX_DEPTH],
      ['Save the model again.'],
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BitLensError(
      'bad-file',
      ['{0} is not valid JSON: {1}.', file, error instanceof Error ? error.message : String(error)],
      ['Save or download it again.'],
    );
  }
}

/** Deepest nesting of brackets outside strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
