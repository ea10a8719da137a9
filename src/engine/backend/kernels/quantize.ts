// A quantizer that the model file puts on an activation.

import * as tf from '@tensorflow/tfjs-core';
import { fakeQuantTensor } from '../fakeQuant.ts';
import type { Kernel } from './kernel.ts';

export const quantize: Kernel<'quantize'> = ({ op, x }) => {
  const { grid } = op.quantizer;
  if (grid) return fakeQuantTensor(x, grid);
  return tf.tensor(op.quantizer.apply(x.dataSync<'float32'>(), x.shape), x.shape, 'float32');
};
