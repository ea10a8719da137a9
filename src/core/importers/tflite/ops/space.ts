// Resizing images, and moving space into channels or into the batch: dilated convolutions are written that way.

import { batchToSpace, depthToSpace, spaceToBatch, spaceToDepth } from '../../tensors/blocks.ts';
import { resize } from '../../tensors/resize.ts';
import { imageAt, integersAt, operand, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';

const resizeBilinear: Row = (call) => {
  const x = imageAt(call, 0);
  const [height, width] = integersAt(call, 1, 'a size');
  const options = optionsOf(call.operator, OPTIONS.resizeBilinear);
  const coordinates = options?.alignCorners()
    ? 'alignCorners'
    : options?.halfPixelCenters()
      ? 'halfPixel'
      : 'asymmetric';
  return resize(call.g, x, [x.shape[0]!, height ?? 0, width ?? 0, x.shape[3]!], {
    mode: 'linear',
    coordinates,
  });
};

/** Corners aligned: rounded, halves up; otherwise the pixel that the position falls into. */
const resizeNearest: Row = (call) => {
  const x = imageAt(call, 0);
  const [height, width] = integersAt(call, 1, 'a size');
  const options = optionsOf(call.operator, OPTIONS.resizeNearest);
  const how = options?.alignCorners()
    ? ({ coordinates: 'alignCorners', rounding: 'roundPreferCeil' } as const)
    : options?.halfPixelCenters()
      ? ({ coordinates: 'halfPixelForNearest', rounding: 'floor' } as const)
      : ({ coordinates: 'asymmetric', rounding: 'floor' } as const);
  return resize(call.g, x, [x.shape[0]!, height ?? 0, width ?? 0, x.shape[3]!], { mode: 'nearest', ...how });
};

const ofBlocks =
  (move: typeof spaceToDepth): Row =>
  (call) =>
    move(call.g, imageAt(call, 0), optionsOf(call.operator, OPTIONS.block)?.blockSize() ?? 0);

const throughBatch =
  (move: typeof spaceToBatch, border: string): Row =>
  (call) =>
    move(call.g, operand(call, 0), integersAt(call, 1, 'block sizes'), integersAt(call, 2, border));

export const spaceRows: Rows = {
  RESIZE_BILINEAR: resizeBilinear,
  RESIZE_NEAREST_NEIGHBOR: resizeNearest,
  SPACE_TO_DEPTH: ofBlocks(spaceToDepth),
  DEPTH_TO_SPACE: ofBlocks(depthToSpace),
  SPACE_TO_BATCH_ND: throughBatch(spaceToBatch, 'paddings'),
  BATCH_TO_SPACE_ND: throughBatch(batchToSpace, 'crops'),
};
