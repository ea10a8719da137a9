// Two variants of the same work, timed in turn in one process: on a machine with other work the ratio of neighbours in
// time says more than two times apart.

export interface Timed<T> {
  readonly ms: number;
  readonly value: T;
}

export async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const begin = performance.now();
  const value = await work();
  return { ms: performance.now() - begin, value };
}

/** Runs both, `firstA` saying which goes first: alternate it, so that neither always finds warm caches. */
export async function pair<T>(
  firstA: boolean,
  a: () => T | Promise<T>,
  b: () => T | Promise<T>,
): Promise<{ readonly a: Timed<T>; readonly b: Timed<T> }> {
  if (firstA) {
    const first = await timed(a);
    return { a: first, b: await timed(b) };
  }
  const first = await timed(b);
  return { a: await timed(a), b: first };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `2.13 (2.01 … 2.30)`: median and extremes. */
export function spread(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return `${median(ratios).toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`;
}
