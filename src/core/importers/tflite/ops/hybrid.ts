// Integer weights on float activations: the kernels of TensorFlow Lite quantize the activations as they come.

import { quantize } from '../../tensors/elementwise.ts';
import { inLogicalOrder } from '../../tensors/arrange.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { Call } from '../call.ts';
import { dynamicQuantizer, type DynamicRange } from '../dynamicQuantizer.ts';
import { isQuantized } from '../quantization.ts';
import { storedType } from '../tensorTypes.ts';

/** Does the operator take floats with weights that are codes? */
export function isHybrid(call: Call, input: number, weights: number): boolean {
  const [x, kernel] = [call.stored(input), call.stored(weights)];
  return x !== undefined && storedType(x.type) === 'float32' && kernel !== undefined && isQuantized(kernel);
}

/** Its input as the kernel sees it. */
export function dynamically(call: Call, x: Tensor, range: DynamicRange): Tensor {
  if (x.kind === 'constant') return x;
  return quantize(call.g, inLogicalOrder(call.g, x), dynamicQuantizer(range));
}
