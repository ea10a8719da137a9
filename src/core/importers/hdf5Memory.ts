// The HDF5 library asks for as much memory as a damaged file says, up to its 2 GiB, fills it, and WebAssembly never gives
// memory back. So it gets what a sound file of this size can need; where it asks for more it fails, and says so.

const PAGE = 65536;

/**
 * @param bytes by which the library's memory may grow
 * @param use synchronous; `allow` makes sure that memory can still grow by so many bytes
 */
export function withGrowthUpTo<T>(bytes: number, use: (allow: (bytes: number) => void) => T): T {
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  let left = Math.ceil(bytes / PAGE);
  prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (pages > left) throw new RangeError('More memory than the file can need.');
    left -= pages;
    return grow.call(this, pages);
  };
  try {
    return use((more) => {
      left = Math.max(left, Math.ceil(more / PAGE));
    });
  } finally {
    prototype.grow = grow;
  }
}
