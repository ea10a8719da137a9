// QKeras' functions without arguments: its own linear forms of sigmoid and tanh, and their binary forms.
// They hide Keras' functions of the same name, whose slopes differ.
// Reference: qkeras/quantizers.py (hard_sigmoid, smooth_sigmoid, binary_sigmoid, hard_tanh, smooth_tanh, binary_tanh).

import type { Activation } from '../../ir/ops.ts';
import { roundHalfEven } from '../grid.ts';
import { elementwise, rounded, type QkerasFunction } from './qkerasFunction.ts';
import { HARD_SIGMOID } from './realFunctions.ts';

const SMOOTH_SIGMOID: Activation = { fn: 'hardSigmoid', slope: 0.1875, offset: 0.5 };

const real = (text: string, activation: Activation): QkerasFunction => ({
  text,
  steps: [{ kind: 'activation', activation }],
});

/** A half rounds to the even 0, so 0 itself is on the lower side. */
export const BINARY_TANH = rounded(
  { fn: 'hardTanh' },
  elementwise({ text: 'binary_tanh', bits: 1 }, (x) => 2 * roundHalfEven(Math.fround(0.5 * x + 0.5)) - 1),
);

/** Not QKeras': the function of ternary networks before it. Reference: github.com/DingKe/nn_playground (ternarynet). */
export const TERNARY_TANH = rounded(
  { fn: 'hardTanh' },
  elementwise({ text: 'ternary_tanh', bits: 2 }, (x) => Number(x > 0.5) - Number(x <= -0.5)),
);

export const FUNCTIONS: Readonly<Record<string, QkerasFunction>> = {
  hard_sigmoid: real('hard_sigmoid', HARD_SIGMOID),
  smooth_sigmoid: real('smooth_sigmoid', SMOOTH_SIGMOID),
  binary_sigmoid: rounded(HARD_SIGMOID, elementwise({ text: 'binary_sigmoid', bits: 1 }, roundHalfEven)),
  hard_tanh: real('hard_tanh', { fn: 'hardTanh' }),
  smooth_tanh: {
    text: 'smooth_tanh',
    steps: [
      { kind: 'activation', activation: SMOOTH_SIGMOID },
      { kind: 'affine', scale: 2, offset: -1 },
    ],
  },
  binary_tanh: BINARY_TANH,
  ternary_tanh: TERNARY_TANH,
};
