// BinaryDense, TernaryDense and their convolutions, the layers that binary and ternary networks had before QKeras.
//   binary: H · (2 · round(clip(w / 2H + ½, 0, 1)) − 1), a half rounding to even; ternary: H · (w > H/2), −H · (w ≤ −H/2)
// Reference: github.com/DingKe/nn_playground (binarynet/binary_ops.py, ternarynet/ternary_ops.py).

import { elements, type Shape } from '../../../ir/graph.ts';
import { wholeOf } from '../../../quantizers/qkeras/qkerasFunction.ts';
import { BINARY_TANH, TERNARY_TANH } from '../../../quantizers/qkeras/functions.ts';
import type { Quantizer } from '../../../quantizers/quantizer.ts';
import type { Config } from '../config.ts';
import { isRefusal, refuse, type LayerKind } from '../scope.ts';
import { activateQuantized, checkQuantizers } from '../qkeras/quantizers.ts';

export const binarized = (kind: LayerKind): LayerKind => levelled(kind, 'binarize', wholeOf(BINARY_TANH));
export const ternarized = (kind: LayerKind): LayerKind => levelled(kind, 'ternarize', wholeOf(TERNARY_TANH));

/** The kernel takes the levels ±H and, if ternary, 0. */
const levelled = (kind: LayerKind, name: string, levels: Quantizer): LayerKind => ({
  check(config) {
    const H = config.raw('H') ?? 1;
    if (H !== 'Glorot' && !(typeof H === 'number' && H > 0)) return refuse(`H = ${JSON.stringify(H)}`);
    return checkQuantizers(config, []) ?? kind.check?.(config.with({ activation: 'linear' }));
  },
  build(scope) {
    const made = kind.build({
      ...scope,
      config: scope.config.with({ activation: 'linear' }),
      weight(variable, shape, options) {
        if (variable !== 'kernel') return scope.weight(variable, shape, options);
        const H = heightOf(scope.config, shape);
        const quantizer: Quantizer = {
          text: `${name}(H=${H})`,
          bits: levels.bits,
          apply: (values) =>
            levels
              .apply(
                values.map((value) => value / H),
                shape,
              )
              .map((level) => level * H),
        };
        return scope.weight(variable, shape, { ...options, quantizer });
      },
    });
    return isRefusal(made) ? made : activateQuantized(scope, made);
  },
});

/** "Glorot": √(1.5 / (fan-in + fan-out)). */
function heightOf(config: Config, kernel: Shape): number {
  const H = config.raw('H') ?? 1;
  if (H !== 'Glorot') return Number(H);
  const taps = elements(kernel.slice(0, -2));
  return Math.fround(Math.sqrt(1.5 / (taps * (kernel.at(-2)! + kernel.at(-1)!))));
}
