// How many BRAM18 blocks a memory takes: a block is 512×36, 1024×18, 2048×9, 4096×4, 8192×2 or 16384×1 bits.

/** Shallow to deep. */
const SHAPES = [
  [512, 36],
  [1024, 18],
  [2048, 9],
  [4096, 4],
  [8192, 2],
  [16384, 1],
] as const;

/** The cheaper of two ways: blocks deep enough for the whole memory, or deep blocks and shallow ones for the rest. */
export function bramBlocks(depth: number, width: number): number {
  return depth <= 0 || width <= 0 ? 0 : Math.min(covering(depth, width), splitting(depth, width));
}

function covering(depth: number, width: number): number {
  const shape = SHAPES.find(([rows]) => rows >= depth);
  if (shape) return Math.ceil(width / shape[1]);
  return Math.ceil(depth / 16384) * width;
}

function splitting(depth: number, width: number): number {
  const shape = SHAPES.findLast(([rows]) => rows <= depth);
  if (!shape) return Math.ceil(width / 36);
  return Math.ceil(width / shape[1]) + bramBlocks(depth - shape[0], width);
}
