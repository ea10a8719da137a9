import { describe, test } from 'node:test';
import type { Activation, RecurrenceOp } from '../../src/core/ir/ops.ts';
import { assertClose, asWeight, at, fill, parameter, random, runOp, type Nd } from './kernelHarness.ts';

const UNITS = 3;
const STEPS = 4;
const GATES = { lstm: 4, gru: 3, simple: 1 } as const;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const TANH: Activation = { fn: 'tanh' };
const SIGMOID: Activation = { fn: 'sigmoid' };
const UNIT_INDICES = [0, 1, 2] as const;

interface Reference {
  readonly sequence: number[][];
  readonly state: number[];
  readonly cell: number[];
}

/** One sample, in doubles, after the equations of Keras. */
function reference(
  op: Pick<RecurrenceOp, 'cell' | 'resetAfter' | 'reverse'>,
  x: (t: number, column: number) => number,
  kernel: Nd,
  bias: Nd | undefined,
  start: { h: number[]; c: number[] },
): Reference {
  let { h, c } = start;
  const sequence: number[][] = [];
  for (let i = 0; i < STEPS; i++) {
    const t = op.reverse ? STEPS - 1 - i : i;
    const input = (gate: number, u: number): number => x(t, gate * UNITS + u);
    const from = (state: readonly number[], gate: number, u: number): number =>
      state.reduce((sum, value, k) => sum + value * at(kernel, [k, gate * UNITS + u]), 0) +
      (bias ? at(bias, [gate * UNITS + u]) : 0);
    const old = h;
    const z = (gate: number, u: number): number => input(gate, u) + from(old, gate, u);
    if (op.cell === 'simple') h = UNIT_INDICES.map((u) => Math.tanh(z(0, u)));
    if (op.cell === 'lstm') {
      const before = c;
      c = UNIT_INDICES.map((u) => sigmoid(z(1, u)) * before[u]! + sigmoid(z(0, u)) * Math.tanh(z(2, u)));
      h = UNIT_INDICES.map((u) => sigmoid(z(3, u)) * Math.tanh(c[u]!));
    }
    if (op.cell === 'gru') {
      const reset = UNIT_INDICES.map((u) => sigmoid(z(1, u)));
      const gated = UNIT_INDICES.map((u) => reset[u]! * old[u]!);
      h = UNIT_INDICES.map((u) => {
        const recurrent = op.resetAfter ? reset[u]! * from(old, 2, u) : from(gated, 2, u);
        const candidate = Math.tanh(input(2, u) + recurrent);
        const update = sigmoid(z(0, u));
        return update * old[u]! + (1 - update) * candidate;
      });
    }
    sequence[t] = h;
  }
  return { sequence, state: h, cell: c };
}

describe('recurrence', () => {
  for (const cell of ['lstm', 'gru', 'simple'] as const)
    for (const resetAfter of cell === 'gru' ? [false, true] : [false])
      for (const reverse of [false, true])
        test(`${cell}${resetAfter ? ', reset after' : ''}${reverse ? ', backwards' : ''}`, async () => {
          const width = GATES[cell] * UNITS;
          const x = random([STEPS, width], 1);
          const kernel = parameter([UNITS, width], 2);
          const [h, c] = [random([UNITS], 4), random([UNITS], 5)];
          const row = (nd: Nd, b: number): number[] => UNIT_INDICES.map((u) => at(nd, [b, u]));
          for (const bias of [undefined, parameter([width], 3)])
            for (const states of [0, 1, cell === 'lstm' ? 2 : 1]) {
              const base = { kind: 'recurrence', cell, resetAfter, reverse } as const;
              const zero = [0, 0, 0];
              const expected = [0, 1].map((b) => {
                const start = { h: states > 0 ? row(h, b) : zero, c: states > 1 ? row(c, b) : zero };
                return reference(base, (t, column) => at(x, [b, t, column]), kernel, bias, start);
              });
              const op = (output: RecurrenceOp['output']): RecurrenceOp => ({
                ...base,
                kernel: asWeight('kernel', kernel),
                bias: bias && asWeight('bias', bias),
                activation: TANH,
                recurrentActivation: SIGMOID,
                output,
              });
              const operands = [x, h, c].slice(0, 1 + states);
              const sequence = await runOp(op('sequence'), operands, [STEPS, UNITS]);
              assertClose(
                sequence,
                fill(sequence.shape, ([b, t, u]) => expected[b!]!.sequence[t!]![u!]!),
              );
              const state = await runOp(op('state'), operands, [UNITS]);
              assertClose(
                state,
                fill(state.shape, ([b, u]) => expected[b!]!.state[u!]!),
              );
              if (cell !== 'lstm') continue;
              const last = await runOp(op('cell'), operands, [UNITS]);
              assertClose(
                last,
                fill(last.shape, ([b, u]) => expected[b!]!.cell[u!]!),
              );
            }
        });

  test('an initial state that all samples share', async () => {
    const x = random([STEPS, UNITS], 1);
    const kernel = parameter([UNITS, UNITS], 2);
    const h = parameter([1, UNITS], 3);
    const op: RecurrenceOp = {
      kind: 'recurrence',
      cell: 'simple',
      kernel: asWeight('kernel', kernel),
      resetAfter: false,
      reverse: false,
      activation: TANH,
      recurrentActivation: SIGMOID,
      output: 'state',
    };
    const found = await runOp(op, [x, h], [UNITS]);
    const start = { h: UNIT_INDICES.map((u) => at(h, [0, u])), c: [] };
    const expected = fill(
      [2, UNITS],
      ([b, u]) => reference(op, (t, column) => at(x, [b!, t, column]), kernel, undefined, start).state[u!]!,
    );
    assertClose(found, expected);
  });
});
