// Non-dominated points of two measures, both to be small.

/** Indices of the points no other beats in both, by ascending x; of equal points the first. */
export function paretoFront(points: readonly { readonly x: number; readonly y: number }[]): number[] {
  const order = points
    .map((_, i) => i)
    .sort((a, b) => points[a]!.x - points[b]!.x || points[a]!.y - points[b]!.y || a - b);
  let best = Infinity;
  return order.filter((i) => {
    const { x, y } = points[i]!;
    const keep = Number.isFinite(x) && y < best;
    if (keep) best = y;
    return keep;
  });
}
