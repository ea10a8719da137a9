// Resizing of images, as tf.image.resize does it: centres of pixels, no antialiasing.
// Reference: keras/src/layers/preprocessing/image_preprocessing.py, tensorflow/core/kernels/image/resize_*_op.cc.

import { interpolation, type Resampling } from '../../../ir/interpolation.ts';
import { imageOf, refuse, type LayerKind } from '../scope.ts';
import { channelsOf, spatialOf } from '../spatial.ts';

/** Not bicubic: TensorFlow takes its weights from a table of 1,024 positions. */
const METHODS: Readonly<Record<string, Resampling>> = {
  nearest: { mode: 'nearest', coordinates: 'halfPixelForNearest', rounding: 'floor' },
  bilinear: { mode: 'linear', coordinates: 'halfPixel' },
};

export const resizing: LayerKind = {
  check(config) {
    const method = config.text('interpolation', 'bilinear');
    if (!Object.hasOwn(METHODS, method)) return refuse(`interpolation "${method}"`);
    const kept = ['crop_to_aspect_ratio', 'pad_to_aspect_ratio'].find((flag) => config.flag(flag, false));
    return kept === undefined ? undefined : refuse(`${kept} of Resizing`);
  },
  build(scope) {
    const { config } = scope;
    const input = imageOf(scope, 2);
    const extents = [config.count('height'), config.count('width')];
    const method = METHODS[config.text('interpolation', 'bilinear')]!;
    const along = spatialOf(input.shape).map((extent, axis) =>
      interpolation(axis, extent, extents[axis]!, method),
    );
    return scope.emit({ kind: 'resize', along }, [input], [...extents, channelsOf(input.shape)]);
  },
};
