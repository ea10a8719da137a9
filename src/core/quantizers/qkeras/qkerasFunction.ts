// What a QKeras spelling stands for: a chain of real functions and roundings. Files apply the whole chain to
// parameters at once; behind a layer its steps become nodes of their own, so that the real functions remain when the
// roundings are left out.

import type { Shape } from '../../ir/graph.ts';
import type { Activation } from '../../ir/ops.ts';
import type { Quantizer } from '../quantizer.ts';
import { evaluate } from './realFunctions.ts';

export type Step =
  | { readonly kind: 'activation'; readonly activation: Activation }
  /** y = scale · x + offset */
  | { readonly kind: 'affine'; readonly scale: number; readonly offset: number }
  | { readonly kind: 'quantize'; readonly quantizer: Quantizer };

export interface QkerasFunction {
  /** As QKeras' `str()` prints it. */
  readonly text: string;
  readonly steps: readonly Step[];
}

/** A function that is nothing but a quantizer. */
export const rounding = (quantizer: Quantizer): QkerasFunction => ({
  text: quantizer.text,
  steps: [{ kind: 'quantize', quantizer }],
});

/** A real function and the rounding of its result. */
export const rounded = (activation: Activation, quantizer: Quantizer): QkerasFunction => ({
  text: quantizer.text,
  steps: [
    { kind: 'activation', activation },
    { kind: 'quantize', quantizer },
  ],
});

/** The whole chain as one quantizer, for parameters. A chain without a rounding has 32 bits. */
export function wholeOf({ text, steps }: QkerasFunction): Quantizer {
  const [only] = steps;
  if (steps.length === 1 && only?.kind === 'quantize') return only.quantizer;
  const last = steps.at(-1);
  return {
    text,
    bits: last?.kind === 'quantize' ? last.quantizer.bits : 32,
    apply: (values, shape) => steps.reduce((x, step) => applied(step, x, shape), values),
  };
}

function applied(step: Step, values: Float32Array, shape: Shape): Float32Array {
  switch (step.kind) {
    case 'quantize':
      return step.quantizer.apply(values, shape);
    case 'activation':
      return values.map((x) => evaluate(step.activation, x));
    case 'affine':
      return values.map((x) => Math.fround(step.scale * x) + step.offset);
  }
}

/**
 * `qnoise_factor` below 1 leaves a part of the unquantized value: x + factor · (q(x) − x).
 * @param between what takes the place of x; its clipped value for a function that clips
 */
export function withNoise(quantizer: Quantizer, factor: number, between = (x: number) => x): Quantizer {
  if (factor === 1) return quantizer;
  const { text, bits } = quantizer;
  return {
    text,
    bits,
    apply(values, shape) {
      const full = quantizer.apply(values, shape);
      return values.map((x, at) => between(x) + Math.fround(factor * Math.fround(full[at]! - between(x))));
    },
  };
}

/** A quantizer that works on each value alone. */
export const elementwise = (
  head: Pick<Quantizer, 'text' | 'bits' | 'format'>,
  of: (x: number) => number,
): Quantizer => ({ ...head, apply: (values) => values.map(of) });
