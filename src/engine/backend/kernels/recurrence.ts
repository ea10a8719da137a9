// Recurrent layers, step by step: one product with the kernel a step (two for a GRU that resets before it).
// Equations: keras/src/layers/rnn/{lstm,gru,simple_rnn}.py; Hochreiter and Schmidhuber 1997, Cho et al. arXiv 1406.1078.

import * as tf from '@tensorflow/tfjs-core';
import type { RecurrenceOp } from '../../../core/ir/ops.ts';
import { activate } from './activations.ts';
import type { Kernel } from './kernel.ts';
import { copyStrided } from './strided.ts';

interface State {
  readonly hidden: tf.Tensor2D;
  /** LSTM only. */
  readonly cell: tf.Tensor2D;
}

/** One step: projected inputs [batch, gates · units] and the state before. */
type Step = (x: tf.Tensor2D, state: State) => State;

export const recurrence: Kernel<'recurrence'> = ({ op, x, inputs, parameter }) => {
  const kernel = parameter(op.kernel) as tf.Tensor2D;
  const units = kernel.shape[0];
  const step = STEPS[op.cell](op, kernel, op.bias && parameter(op.bias));
  const [batch, steps, width] = x.shape as [number, number, number];
  const zero = (): tf.Tensor2D => tf.zeros([batch, units]);
  let state: State = {
    hidden: (inputs[1] as tf.Tensor2D | undefined) ?? zero(),
    cell: (inputs[2] as tf.Tensor2D | undefined) ?? zero(),
  };
  const values = x.dataSync<'float32'>(); // once: the backend's slice copies its whole operand for every step
  const sequence: tf.Tensor2D[] = [];
  for (let i = 0; i < steps; i++) {
    const t = op.reverse ? steps - 1 - i : i;
    const last = state;
    state = tf.tidy(() => {
      const view = { offset: t * width, extents: [batch, width], strides: [steps * width, 1] };
      const now = tf.tensor2d(copyStrided(values, view), [batch, width]);
      return { ...step(now, last) };
    });
    if (op.output === 'sequence') sequence[t] = state.hidden;
  }
  if (op.output === 'sequence') return tf.stack(sequence, 1);
  return tf.clone(op.output === 'cell' ? state.cell : state.hidden);
};

type Cell = (op: RecurrenceOp, kernel: tf.Tensor2D, bias: tf.Tensor | undefined) => Step;

const STEPS: Readonly<Record<RecurrenceOp['cell'], Cell>> = { lstm, gru, simple };

function simple(op: RecurrenceOp, kernel: tf.Tensor2D, bias: tf.Tensor | undefined): Step {
  const project = projection(kernel, bias);
  return (x, state) => ({ ...state, hidden: apply(op.activation, tf.add(x, project(state.hidden))) });
}

function lstm(op: RecurrenceOp, kernel: tf.Tensor2D, bias: tf.Tensor | undefined): Step {
  const project = projection(kernel, bias);
  const gate = (sum: tf.Tensor2D): tf.Tensor2D => apply(op.recurrentActivation, sum);
  return (x, { hidden, cell }) => {
    const [input, forget, candidate, output] = split(tf.add(x, project(hidden)), 4);
    const next = tf.add<tf.Tensor2D>(
      tf.mul(gate(forget!), cell),
      tf.mul(gate(input!), apply(op.activation, candidate!)),
    );
    return { hidden: tf.mul(gate(output!), apply(op.activation, next)), cell: next };
  };
}

function gru(op: RecurrenceOp, kernel: tf.Tensor2D, bias: tf.Tensor | undefined): Step {
  const units = kernel.shape[0];
  const gate = (sum: tf.Tensor2D): tf.Tensor2D => apply(op.recurrentActivation, sum);
  const blend = (update: tf.Tensor2D, old: tf.Tensor2D, candidate: tf.Tensor2D): tf.Tensor2D =>
    tf.add(tf.mul(update, old), tf.mul(tf.sub(1, update), candidate));
  if (op.resetAfter) {
    const project = projection(kernel, bias);
    return (x, { hidden, cell }) => {
      const [xz, xr, xh] = split(x, 3);
      const [hz, hr, hh] = split(project(hidden), 3);
      const reset = gate(tf.add(xr!, hr!));
      const candidate = apply(op.activation, tf.add<tf.Tensor2D>(xh!, tf.mul(reset, hh!)));
      return { hidden: blend(gate(tf.add(xz!, hz!)), hidden, candidate), cell };
    };
  }
  const part = (from: number, count: number): ((h: tf.Tensor2D) => tf.Tensor2D) =>
    projection(tf.slice(kernel, [0, from], [units, count]), bias && tf.slice(bias, [from], [count]));
  const [toGates, toCandidate] = [part(0, 2 * units), part(2 * units, units)];
  return (x, { hidden, cell }) => {
    const [xz, xr, xh] = split(x, 3);
    const [hz, hr] = split(toGates(hidden), 2);
    const reset = gate(tf.add(xr!, hr!));
    const candidate = apply(op.activation, tf.add(xh!, toCandidate(tf.mul(reset, hidden))));
    return { hidden: blend(gate(tf.add(xz!, hz!)), hidden, candidate), cell };
  };
}

function projection(kernel: tf.Tensor2D, bias: tf.Tensor | undefined): (h: tf.Tensor2D) => tf.Tensor2D {
  return (h) => tf.fused.matMul({ a: h, b: kernel, ...(bias ? { bias } : {}) }) as tf.Tensor2D;
}

function apply(activation: RecurrenceOp['activation'], x: tf.Tensor2D): tf.Tensor2D {
  return activate(x, activation) as tf.Tensor2D;
}

const split = (x: tf.Tensor2D, parts: number): tf.Tensor2D[] => tf.split(x, parts, 1);
