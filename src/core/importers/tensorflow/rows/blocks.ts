// Blocks of space moved to the samples or to the channels, and back.

import { batchToSpace, depthToSpace, spaceToBatch, spaceToDepth } from '../../tensors/blocks.ts';
import * as layout from '../../tensors/layout.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import { channelsFirst, numbers, operand, refuse, type OpRow, type OpRows } from '../call.ts';

/** Of images in either layout. */
const ofImages =
  (move: (g: TensorGraph, image: Tensor, block: number) => Tensor): OpRow =>
  (call) => {
    if (call.attrs.text('data_format', 'NHWC') === 'NCHW_VECT_C') throw refuse('channels in vectors');
    const { g } = call;
    const x = operand(call, 0);
    const block = call.attrs.int('block_size', 2);
    if (!channelsFirst(call)) return move(g, x, block);
    return layout.toChannelsFirst(g, move(g, layout.toChannelsLast(g, x), block));
  };

export const blockRows: OpRows = {
  SpaceToBatchND: (call) =>
    spaceToBatch(call.g, operand(call, 0), numbers(call, 1, 'block'), numbers(call, 2, 'padding')),
  BatchToSpaceND: (call) =>
    batchToSpace(call.g, operand(call, 0), numbers(call, 1, 'block'), numbers(call, 2, 'crops')),
  DepthToSpace: ofImages(depthToSpace),
  SpaceToDepth: ofImages(spaceToDepth),
};
