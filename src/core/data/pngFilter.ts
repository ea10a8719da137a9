// Undoes the filters of PNG rows: each byte was stored as the difference from its neighbours.
// Reference: PNG (third edition), section 9.2.

import { badImage } from './imageError.ts';

/**
 * Restores `height` rows in place.
 * @param rows a filter byte and `length` bytes for each row
 * @param step bytes from a sample to the same sample of the next pixel, at least 1
 * @throws `bad-file` at an unknown filter
 */
export function unfilter(rows: Uint8Array, length: number, height: number, step: number, file: string): void {
  for (let y = 0, start = 1; y < height; y++, start += length + 1) {
    const filter = rows[start - 1]!;
    if (filter > 4) throw badImage(file, `row ${y} has the unknown filter ${filter}`);
    if (filter === 0) continue;
    for (let i = 0; i < length; i++) {
      const at = start + i;
      const left = i >= step ? rows[at - step]! : 0;
      const up = y > 0 ? rows[at - length - 1]! : 0;
      const corner = y > 0 && i >= step ? rows[at - length - 1 - step]! : 0;
      rows[at]! += predict(filter, left, up, corner);
    }
  }
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const [byLeft, byUp, byCorner] = [
    Math.abs(estimate - left),
    Math.abs(estimate - up),
    Math.abs(estimate - corner),
  ];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
