// Brings the nodes of a file's graph into an order in which each follows those it reads. Formats demand that order; files
// are not to be trusted.

/**
 * Depth first, without recursion: chains may be longer than the call stack. Items that are in order already stay as they are.
 * @param before what an item reads
 * @param cycle the error for an item that is read by what it reads itself
 */
export function inOrder<T>(
  items: Iterable<T>,
  before: (item: T) => readonly T[],
  cycle: (item: T, reader: T) => Error,
): readonly T[] {
  const state = new Map<T, 'open' | 'done'>();
  const order: T[] = [];
  for (const root of items) {
    const stack = state.has(root) ? [] : [{ item: root, reads: before(root), next: 0 }];
    state.set(root, state.get(root) ?? 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const { item, reads, next } = top;
      if (next === reads.length) {
        state.set(item, 'done');
        order.push(item);
        stack.pop();
        continue;
      }
      const read = reads[top.next++]!;
      const known = state.get(read);
      if (known === 'open') throw cycle(read, item);
      if (known === 'done') continue;
      state.set(read, 'open');
      stack.push({ item: read, reads: before(read), next: 0 });
    }
  }
  return order;
}
