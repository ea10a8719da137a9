// Images made larger or smaller. Reference: tensorflow/core/kernels/image/image_resizer_state.h, resize_*_op.cc.

import { resize, type Resizing } from '../../tensors/resize.ts';
import { cast } from '../../tensors/elementwise.ts';
import { broken, numbers, operand, type OpCall, type OpRow, type OpRows } from '../call.ts';

type Coordinates = Resizing['coordinates'];

function coordinates({ attrs }: OpCall, halfPixel: Coordinates): Coordinates {
  if (attrs.flag('align_corners', false)) return 'alignCorners';
  return attrs.flag('half_pixel_centers', false) ? halfPixel : 'asymmetric';
}

const resizing =
  (how: (call: OpCall) => Resizing): OpRow =>
  (call) => {
    const x = cast(call.g, operand(call, 0), 'float');
    const [height, width] = numbers(call, 1, 'size');
    const [n, , , channels] = x.shape;
    if (x.shape.length !== 4 || height === undefined || width === undefined)
      throw broken(call, 'it resizes no image');
    return resize(call.g, x, [n!, height, width, channels!], how(call));
  };

export const resizingRows: OpRows = {
  ResizeBilinear: resizing((call) => ({ mode: 'linear', coordinates: coordinates(call, 'halfPixel') })),
  ResizeNearestNeighbor: resizing((call) => ({
    mode: 'nearest',
    coordinates: coordinates(call, 'halfPixelForNearest'),
    rounding: call.attrs.flag('align_corners', false) ? 'roundPreferCeil' : 'floor',
  })),
  // The older kernel has a = −0.75 and repeats the edge; with half-pixel centres it is Keys' and drops what is outside.
  ResizeBicubic: resizing((call) => {
    const keys = call.attrs.flag('half_pixel_centers', false);
    return {
      mode: 'cubic',
      coordinates: coordinates(call, 'halfPixel'),
      cubicA: keys ? -0.5 : -0.75,
      excludeOutside: keys,
    };
  }),
};
