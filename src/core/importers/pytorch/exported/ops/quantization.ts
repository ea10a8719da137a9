// Quantizers of PyTorch 2 Export quantization: a quantize and a dequantize operation around every quantized tensor, or
// stored integers with a dequantize operation.
// Reference: torch/ao/quantization/fx/_decomposed.py: q = clamp(round(x / scale) + zero, low, high), x = (q − zero) · scale.

import { affineQuantizer, realValues, type AffineEncoding } from '../../../../quantizers/affine.ts';
import { constant } from '../../../tensors/constants.ts';
import { quantize } from '../../../tensors/elementwise.ts';
import { notSupported } from '../../../tensors/errors.ts';
import type { Constant, Tensor } from '../../../tensors/tensor.ts';
import { axis, constantOperand, number, subject, type Call, type OpFunction } from '../call.ts';

const perTensor = (c: Call): AffineEncoding => ({
  scale: [number(c, 'scale')],
  zero: [number(c, 'zero_point')],
  low: number(c, 'quant_min'),
  high: number(c, 'quant_max'),
  inner: 1,
});

function perChannel(c: Call): AffineEncoding {
  const { shape } = subject(c);
  const at = axis(c, 'axis', shape.length);
  const scale = constantOperand(c, 'scales').numbers();
  const zero =
    c.node.inputs.get('zero_points')?.tag === 'as_none'
      ? scale.map(() => 0)
      : constantOperand(c, 'zero_points').numbers();
  return {
    scale,
    zero,
    low: number(c, 'quant_min'),
    high: number(c, 'quant_max'),
    inner: shape.slice(at + 1).reduce((size, extent) => size * extent, 1),
  };
}

const quantizing =
  (encodingOf: (c: Call) => AffineEncoding): OpFunction =>
  (c) => {
    const x = subject(c);
    const encoding = encodingOf(c);
    if (x.kind === 'computed' && encoding.scale.length > 1)
      throw notSupported(c.g, ['of an activation, with a scale per channel.']);
    return quantize(c.g, x, affineQuantizer(encoding));
  };

/** Values that were quantized before are on the grid already; stored integers are put on it. */
const dequantizing =
  (encodingOf: (c: Call) => AffineEncoding): OpFunction =>
  (c) => {
    const x: Tensor = subject(c);
    if (x.kind === 'computed' || x.weight.quantizer) return x;
    return fromCodes(x, encodingOf(c));
  };

function fromCodes(codes: Constant, encoding: AffineEncoding): Constant {
  const values = (): Float32Array => realValues(codes.numbers(), encoding);
  const made = constant(codes.weight.name, codes.shape, 'float', values);
  const { text, bits, format } = affineQuantizer(encoding);
  return { ...made, weight: { ...made.weight, quantizer: { text, bits, format } } };
}

export const QUANTIZATION: Readonly<Record<string, OpFunction>> = {
  'quantized_decomposed.quantize_per_tensor': quantizing(perTensor),
  'quantized_decomposed.dequantize_per_tensor': dequantizing(perTensor),
  'quantized_decomposed.quantize_per_channel': quantizing(perChannel),
  'quantized_decomposed.dequantize_per_channel': dequantizing(perChannel),
};
