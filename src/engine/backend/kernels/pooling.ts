// Pooling over windows. The backend's average leaves padding out.

import * as tf from '@tensorflow/tfjs-core';
import { asImages, explicit, pair } from './images.ts';
import type { Kernel } from './kernel.ts';

export const pool: Kernel<'pool'> = ({ op, x }) =>
  asImages(x, op.size.length, (images) => {
    const [size, strides, pads] = [pair(op.size), pair(op.strides), explicit(op.pads)];
    if (op.mode === 'max') return tf.maxPool(images, size, strides, pads);
    if (!op.countPadding) return tf.avgPool(images, size, strides, pads);
    return tf.avgPool(tf.pad(images, pads), size, strides, 'valid');
  });
