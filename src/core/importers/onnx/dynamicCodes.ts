// Networks that are quantized as they run: the input of a layer is put on a grid that its own range sets, multiplied as
// codes with a stored kernel, and the product is scaled by both scales in operations of their own. Where all of that stands
// together it is read as one layer on real values, its kernel with the quantizer it has.
// Reference: quantize_dynamic in onnxruntime/python/tools/quantization.

import { elements } from '../../ir/graph.ts';
import { rearranged } from '../tensors/constants.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';

interface DynamicCodes {
  /** The values on their grid. */
  readonly real: Tensor;
  readonly scale: Tensor;
  readonly zero: Tensor;
}

interface Product {
  /** Of the codes on the left. */
  readonly scale: Tensor;
  readonly channels: number;
  /** The product of real values. @param scale of the kernel: one value, or one per output channel */
  real(scale: Constant): Tensor;
}

interface Scales {
  readonly dynamic: Tensor;
  readonly kernel: Constant;
}

const codes = new WeakMap<Tensor, DynamicCodes>();
const dynamicScales = new WeakSet<Tensor>();
const products = new WeakMap<Tensor, Product>();
const scales = new WeakMap<Tensor, Scales>();

export function markDynamic(tensor: Tensor, dynamic: DynamicCodes): void {
  codes.set(tensor, dynamic);
  dynamicScales.add(dynamic.scale);
}

/** What the codes stand for, if the zero point is theirs. */
export function dynamicCodes(tensor: Tensor, zero: Tensor | undefined): DynamicCodes | undefined {
  const known = codes.get(tensor);
  return known?.zero === zero ? known : undefined;
}

export function markProduct(tensor: Tensor, product: Product): Tensor {
  products.set(tensor, product);
  return tensor;
}

/** a · b, where that is a product of codes times both scales. */
export function scaledProduct(a: Tensor, b: Tensor): Tensor | undefined {
  for (const [left, right] of [
    [a, b],
    [b, a],
  ] as const) {
    const product = products.get(left);
    const factors = scales.get(right);
    if (!product || product.scale !== factors?.dynamic) continue;
    const { kernel } = factors;
    const size = elements(kernel.shape);
    if (size === 1 || size === product.channels)
      return product.real(rearranged(kernel, size === 1 ? [] : [size]));
  }
  return undefined;
}

/** Notes that a product of two scales is one. */
export function markScales(made: Tensor, a: Tensor, b: Tensor): void {
  if (dynamicScales.has(a) && b.kind === 'constant') scales.set(made, { dynamic: a, kernel: b });
  if (dynamicScales.has(b) && a.kind === 'constant') scales.set(made, { dynamic: b, kernel: a });
}
