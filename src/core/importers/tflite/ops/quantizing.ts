// Operators that put values on a grid or take them off it. Tensors hold real values here, so that taking them off is
// nothing, and putting them on is what happens to every result whose tensor has an encoding (buildGraph.ts).

import { affineQuantizer } from '../../../quantizers/affine.ts';
import { quantize } from '../../tensors/elementwise.ts';
import { broken, operand, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';

const same: Row = (call) => operand(call, 0);

/** The range is moved so that 0 has a code. Reference: tf.quantization.fake_quant_with_min_max_args. */
const fakeQuant: Row = (call) => {
  const options = optionsOf(call.operator, OPTIONS.fakeQuant);
  if (!options) throw broken(call, 'has no options');
  const [low, high, bits] = [options.min(), options.max(), options.numBits()];
  const least = options.narrowRange() ? 1 : 0;
  const scale = (high - low) / (2 ** bits - 1 - least);
  if (!(scale > 0) || bits < 2 || bits > 16) throw broken(call, `has ${bits} bits from ${low} to ${high}`);
  const zero = Math.min(2 ** bits - 1, Math.max(least, Math.round(least - low / scale)));
  const quantizer = affineQuantizer({
    scale: [scale],
    zero: [zero],
    low: least,
    high: 2 ** bits - 1,
    inner: 1,
  });
  return quantize(call.g, operand(call, 0), quantizer);
};

export const quantizingRows: Rows = { QUANTIZE: same, DEQUANTIZE: same, FAKE_QUANT: fakeQuant };
