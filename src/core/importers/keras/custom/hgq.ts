// Layers of HGQ's proxy models: FixedPointQuantizer, whose widths are variables of the file, and UnaryLUT, an
// activation as a table.
// Reference: HGQ/proxy/fixed_point_quantizer.py, HGQ/proxy/unary_lut.py.

import { elements, type Shape, type Weight } from '../../../ir/graph.ts';
import { apFixed, isOverflowMode, isRoundingMode } from '../../../quantizers/apFixed.ts';
import { lazyQuantizer } from '../../../quantizers/lazyQuantizer.ts';
import type { Config } from '../config.ts';
import { inputOf, refuse, type LayerKind, type Scope, type Tensor } from '../scope.ts';

export const fixedPointQuantizer: LayerKind = {
  check(config) {
    const [rounding, overflow] = [config.text('RND', 'TRN'), config.text('SAT', 'WRAP')];
    if (!isRoundingMode(rounding)) return refuse(`rounding mode ${rounding}`);
    return isOverflowMode(overflow) ? undefined : refuse(`overflow mode ${overflow}`);
  },
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const shape = typeShape(config, input.shape);
    const types = (['keep_negative', 'bits', 'integers'] as const).map((name) =>
      scope.weight(name, shape, { trainable: false }),
    );
    const [rounding, overflow] = [config.text('RND', 'TRN'), config.text('SAT', 'WRAP')];
    const quantizer = lazyQuantizer(() => {
      const [signed, width, integer] = types.map((weight) => weight.read());
      if (!isRoundingMode(rounding) || !isOverflowMode(overflow)) throw config.bad('RND');
      return apFixed({ shape, signed: signed!, width: width!, integer: integer!, rounding, overflow });
    });
    return scope.emit({ kind: 'quantize', quantizer }, [input], input.shape);
  },
};

/** It broadcasts against the input with its batch axis. */
function typeShape(config: Config, input: Shape): Shape {
  const stored = config.raw('shape');
  const known: readonly unknown[] = Array.isArray(stored) ? stored : [];
  const full = [1, ...input];
  const fits = (extent: unknown, at: number) =>
    extent === 1 || extent === full[at + full.length - known.length];
  if (!Array.isArray(stored) || known.length > full.length || !known.every(fits)) throw config.bad('shape');
  return known as Shape;
}

export const unaryLut: LayerKind = {
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const kif = config.raw('kif_in');
    if (!Array.isArray(kif) || kif.length !== 3 || !kif.every(Number.isSafeInteger))
      throw config.bad('kif_in');
    const [keepNegative, integer, fraction] = kif as [number, number, number];
    const entries = 2 ** (keepNegative + integer + fraction);
    const table = scope.weight('table', [entries], { trainable: false });
    const code = scope.emit(
      {
        kind: 'affine',
        scale: number(scope, 'scale', 2 ** fraction),
        offset: number(scope, 'offset', 0),
      },
      [input],
      input.shape,
    );
    const rounded = scope.emit({ kind: 'map', fn: 'round' }, [code], input.shape);
    const size = constant(scope, number(scope, 'entries', entries));
    // Negative codes stand in the upper half of the table.
    const place = scope.emit({ kind: 'merge', fn: 'modulo' }, [rounded, size], input.shape);
    return scope.emit({ kind: 'gather', axis: 0 }, [constant(scope, table), place], input.shape);
  },
};

const constant = (scope: Scope, value: Weight): Tensor =>
  scope.emit({ kind: 'constant', value }, [], value.shape);

const number = (scope: Scope, name: string, value: number, shape: Shape = []): Weight => ({
  name: `${scope.config.name}/${name}`,
  shape,
  read: () => new Float32Array(elements(shape)).fill(value),
});
