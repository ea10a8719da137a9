// Operations of the tensor builder on the backend against ONNX Runtime, PyTorch and numpy
// (test/fixtures/models/tensors/make_cases.py).

import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import {
  convTranspose,
  type TransposedConvolution,
} from '../../../../src/core/importers/tensors/convTranspose.ts';
import { einsum } from '../../../../src/core/importers/tensors/einsum.ts';
import {
  batchNorm,
  groupNorm,
  layerNorm,
  lrn,
  type Gains,
} from '../../../../src/core/importers/tensors/normalization.ts';
import { pool, type Pooling } from '../../../../src/core/importers/tensors/pooling.ts';
import { recurrent, type Recurrent } from '../../../../src/core/importers/tensors/recurrent.ts';
import { resize, type Resizing } from '../../../../src/core/importers/tensors/resize.ts';
import type { TensorGraph } from '../../../../src/core/importers/tensors/tensorGraph.ts';
import type { Constant, Tensor } from '../../../../src/core/importers/tensors/tensor.ts';
import type { LrnOp } from '../../../../src/core/ir/ops.ts';
import { asConstant, assertSame, fold, run, type Values } from './support.ts';

interface Stored {
  readonly shape: readonly number[];
  /** base64 of little-endian values */
  readonly float32: string;
}

interface Case {
  readonly op: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly outputs: readonly Stored[];
}

type Weights = Readonly<Record<string, Constant>>;

const CASES = JSON.parse(
  readFileSync(path.resolve('test/fixtures/models/tensors/cases.json'), 'utf8'),
) as readonly Case[];

function decoded({ shape, float32 }: Stored): Values {
  const bytes = Uint8Array.from(Buffer.from(float32, 'base64'));
  return { shape, values: new Float32Array(bytes.buffer) };
}

/** How each case asks the builder; `attributes` have the builder's own names. */
const BUILDS: Readonly<
  Record<string, (g: TensorGraph, x: Tensor, a: never, weights: Weights) => readonly Tensor[]>
> = {
  pool: (g, x, a: Pooling & { mode: 'max' | 'average' }) => [pool(g, x, a.mode, a)],
  convTranspose: (g, x, a: TransposedConvolution, { kernel, bias }) => [
    convTranspose(g, x, kernel!, bias, a),
  ],
  resize: (g, x, a: Resizing & { sizes: readonly number[] }) => [resize(g, x, a.sizes, a)],
  groupNorm: (g, x, a: Gains & { groups: number }, weights) => [
    groupNorm(g, x, a.groups, { ...a, ...weights }),
  ],
  layerNorm: (g, x, a: Gains & { firstAxis: number }, weights) => [
    layerNorm(g, x, a.firstAxis, { ...a, ...weights }),
  ],
  batchNorm: (g, x, a: { axis: number; epsilon: number }, { mean, variance, ...gains }) => [
    batchNorm(g, x, { ...a, ...gains, mean: mean!, variance: variance! }, a.axis),
  ],
  lrn: (g, x, a: Omit<LrnOp, 'kind'>) => [lrn(g, x, a)],
  recurrent(
    g,
    x,
    a: Pick<Recurrent, 'cell' | 'reverse' | 'resetAfter'>,
    { kernel, recurrentKernel, ...weights },
  ) {
    const layer: Recurrent = {
      ...a,
      ...weights,
      kernel: kernel!,
      recurrentKernel: recurrentKernel!,
      activation: { fn: 'tanh' },
      recurrentActivation: { fn: 'sigmoid' },
    };
    const { sequence, state, cell } = recurrent(g, x, layer);
    return [sequence, state, ...(cell ? [cell] : [])];
  },
};

const TOLERANCE = 5e-6;

for (const op of Object.keys(BUILDS))
  test(`${op} as in the frameworks`, async (t) => {
    for (const [i, { attributes, inputs, outputs }] of CASES.filter((entry) => entry.op === op).entries()) {
      const { x, ...rest } = inputs;
      const weights = Object.fromEntries(
        Object.entries(rest).map(([name, weight]) => [name, asConstant(decoded(weight), name)]),
      );
      await t.test(`${i}: ${JSON.stringify(attributes)}`, async () => {
        const actual = await run([decoded(x!)], (g, tensor) =>
          BUILDS[op]!(g, tensor, attributes as never, weights),
        );
        assertSame(actual, outputs.map(decoded), TOLERANCE);
      });
    }
  });

test('einsum as in numpy: computed, folded, and with stored operands', async (t) => {
  for (const { attributes, inputs, outputs } of CASES.filter(({ op }) => op === 'einsum')) {
    const equation = attributes['equation'] as string;
    const operands = Object.values(inputs).map(decoded);
    const expected = outputs.map(decoded);
    await t.test(equation, async () => {
      assertSame(await run(operands, (g, ...tensors) => [einsum(g, equation, tensors)]), expected, TOLERANCE);
      assertSame(
        fold(operands, (g, ...tensors) => [einsum(g, equation, tensors)]),
        expected,
        TOLERANCE,
      );
      for (const [kept, operand] of operands.entries()) {
        const mixed = await run([operand], (g, tensor) => [
          einsum(
            g,
            equation,
            operands.map((other, i) => (i === kept ? tensor : asConstant(other))),
          ),
        ]);
        assertSame(mixed, expected, TOLERANCE);
      }
    });
  }
});
