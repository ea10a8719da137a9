// A shape as a user writes it: `224, 224, 3`, `3x224x224`.

import type { Shape } from './graph.ts';

/** undefined when the text is no shape. */
export function parseShape(text: string): Shape | undefined {
  const extents = text
    .trim()
    .split(/\s*[,x×\s]\s*/)
    .map(Number);
  return extents.every((extent) => Number.isInteger(extent) && extent > 0) ? extents : undefined;
}
