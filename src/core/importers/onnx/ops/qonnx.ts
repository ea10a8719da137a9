// Quantizers of QONNX, as Brevitas, QKeras and FINN export them, and the operators QONNX keeps channels-last.
// Reference: qonnx/custom_op/general and channels_last; the rounding modes as resolve_rounding_mode names them.

import { elements } from '../../../ir/graph.ts';
import { roundHalfEven } from '../../../quantizers/grid.ts';
import { constant, scalar } from '../../tensors/constants.ts';
import { merge } from '../../tensors/elementwise.ts';
import { transpose } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import { BIPOLAR, qonnx, truncating, type Arithmetic } from '../arithmetic.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, constantOperand, operand, refuse } from '../refuse.ts';
import { quantizeUniform, type Uniform } from '../uniform.ts';
import { convolutionRows } from './convolution.ts';
import { normalizationRows } from './normalization.ts';
import { poolingRows } from './pooling.ts';

const away = (x: number): number => Math.sign(x) * Math.ceil(Math.abs(x));
const halfUp = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);
const halfDown = (x: number): number => Math.sign(x) * Math.ceil(Math.abs(x) - 0.5);

const ROUNDING: Readonly<Record<string, (x: number) => number>> = {
  ROUND: roundHalfEven,
  HALF_EVEN: roundHalfEven,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
  UP: away,
  DOWN: Math.trunc,
  ROUND_TO_ZERO: Math.trunc,
  HALF_UP: halfUp,
  HALF_DOWN: halfDown,
};

/** A key of ROUNDING. */
function modeOf(node: OnnxNode, standard: string): string {
  const mode = node.text('rounding_mode', standard).toUpperCase();
  if (!Object.hasOwn(ROUNDING, mode)) throw refuse(node, `rounding_mode ${mode}`);
  return mode;
}

/** x, scale, zero point, width of the codes */
const quant: OpRow = (g, node) => {
  const bits = widthAt(node, 3);
  const signed = node.int('signed', 1) !== 0;
  const narrow = node.int('narrow', 1) !== 0;
  const mode = modeOf(node, 'ROUND');
  const words = [`${bits}`, signed ? 'signed' : 'unsigned', ...(narrow ? ['narrow'] : [])];
  const uniform = {
    scale: constantOperand(node, 1, 'a scale'),
    zero: constantOperand(node, 2, 'a zero point'),
    bits,
    signed,
    narrow,
    arithmetic: bits === 1 && signed ? BIPOLAR : qonnx(ROUNDING[mode]!),
    name: `Quant<${[...words, ...(ROUNDING[mode] === roundHalfEven ? [] : [mode])].join()}>`,
  };
  return [quantizeUniform(g, operand(node, 0), uniform)];
};

/** ±scale */
const bipolarQuant: OpRow = (g, node) => {
  const scale = constantOperand(node, 1, 'a scale');
  const codes = { bits: 1, signed: true, narrow: false, arithmetic: BIPOLAR, name: 'BipolarQuant' };
  return [quantizeUniform(g, operand(node, 0), { scale, zero: scalar(0), ...codes })];
};

function widthAt(node: OnnxNode, at: number): number {
  const [bits, ...others] = constantOperand(node, at, 'a bit width').numbers();
  if (bits === undefined || others.some((other) => other !== bits)) throw refuse(node, 'several bit widths');
  if (!(bits >= 1 && bits <= 32)) throw broken(node, `its bit width is ${bits}`);
  return bits;
}

/**
 * Drops low bits of an accumulator. Six operands: x, scale, zero point, width in, scale out, width out; in the first
 * version five, the result being divided by what the dropped bits count.
 */
const trunc: OpRow = (g, node) => {
  const mode = modeOf(node, 'FLOOR');
  const input = widthAt(node, 3);
  const isFirst = node.inputs[5] === undefined;
  const bits = widthAt(node, isFirst ? 4 : 5);
  const codes = {
    scale: constantOperand(node, 1, 'a scale'),
    zero: constantOperand(node, 2, 'a zero point'),
    bits,
    name: `Trunc<${input},${bits},${mode}>`,
  };
  const [x, round] = [operand(node, 0), ROUNDING[mode]!];
  return [isFirst ? divided(g, x, codes, round, 2 ** (input - bits)) : coarser(g, node, x, codes, round)];
};

type Codes = Pick<Uniform, 'scale' | 'zero' | 'bits' | 'name'>;

function divided(
  g: TensorGraph,
  x: Tensor,
  codes: Codes,
  round: (x: number) => number,
  factor: number,
): Tensor {
  const same = (value: number): number => value;
  const exact = truncating({ round, factor, output: same, outputZero: same, saturates: false });
  const arithmetic = rescaled(exact, factor);
  const small = merge(g, 'divide', [x, scalar(factor)]);
  return quantizeUniform(g, small, { ...codes, signed: true, narrow: false, arithmetic });
}

function coarser(
  g: TensorGraph,
  node: OnnxNode,
  x: Tensor,
  codes: Codes,
  round: (x: number) => number,
): Tensor {
  const output = constantOperand(node, 4, 'a scale');
  if (elements(codes.scale.shape) !== 1 || elements(output.shape) !== 1) throw refuse(node, 'several scales');
  const scale = Math.fround(output.numbers()[0]!);
  const factor = 2 ** Math.round(Math.log2(scale / codes.scale.numbers()[0]!));
  const outputZero = (zero: number): number => zero / factor;
  const arithmetic = truncating({ round, factor, output: () => scale, outputZero, saturates: true });
  const signed = node.int('signed', 1) !== 0;
  return quantizeUniform(g, x, { ...codes, signed, narrow: node.int('narrow', 0) !== 0, arithmetic });
}

/** For operands divided before. */
const rescaled = (inner: Arithmetic, factor: number): Arithmetic => ({
  ...inner,
  real: (x, scale, zero, bounds) => inner.real(x * factor, scale, zero, bounds),
});

/** How many thresholds of its channel a value reaches, scaled and shifted: the quantizer of a FINN accelerator. */
const multiThreshold: OpRow = (g, node) => {
  const x = operand(node, 0);
  const thresholds = constantOperand(node, 1, 'thresholds');
  const layout = node.text('data_layout', '');
  const isLast = layout === '' ? x.shape.length === 3 : layout.endsWith('C');
  const axis = isLast ? x.shape.length - 1 : 1;
  const [channels, steps] = thresholds.shape;
  if (thresholds.shape.length !== 2 || (channels !== 1 && channels !== x.shape[axis]))
    throw broken(node, `its thresholds have the shape [${thresholds.shape.join()}]`);
  const list = thresholds.numbers();
  const [scale, bias] = [node.float('out_scale', 1), node.float('out_bias', 0)];
  return [stepped(g, x, axis, { channels: channels!, steps: steps!, list, scale, bias })];
};

interface Staircase {
  readonly channels: number;
  readonly steps: number;
  readonly list: readonly number[];
  readonly scale: number;
  readonly bias: number;
}

/** The sum of the comparisons with each threshold. */
function stepped(
  g: TensorGraph,
  x: Tensor,
  axis: number,
  { channels, steps, list, scale, bias }: Staircase,
): Tensor {
  const shape = x.shape.map((_, own) => (own === axis && channels > 1 ? channels : 1));
  const compare = (k: number): Tensor =>
    merge(g, 'lessEqual', [
      thresholdsOf(
        shape,
        Array.from({ length: channels }, (_, c) => list[c * steps + k]!),
      ),
      x,
    ]);
  const counts = Array.from({ length: steps }, (_, k) => ({ ...compare(k), type: 'float' as const }));
  const sum = counts.length === 1 ? counts[0]! : merge(g, 'add', counts);
  return merge(g, 'add', [merge(g, 'multiply', [sum, scalar(scale)]), scalar(bias)]);
}

const thresholdsOf = (shape: readonly number[], values: readonly number[]): Tensor =>
  constant('threshold', shape, 'float', values.slice(0, elements(shape)));

export const qonnxRows: OpRows = {
  Quant: quant,
  IntQuant: quant,
  BipolarQuant: bipolarQuant,
  Trunc: trunc,
  MultiThreshold: multiThreshold,
};

/** An operator whose data (and kernel, if it has one) are channels-last. */
function channelsLast(row: OpRow, moved: number): OpRow {
  return (g, node) => {
    const rank = operand(node, 0).shape.length;
    const axes = Array.from({ length: rank }, (_, axis) => axis);
    const first = [0, rank - 1, ...axes.slice(1, -1)];
    const inputs = node.inputs.map((tensor, at) =>
      tensor && at < moved ? transpose(g, tensor, first) : tensor,
    );
    const [y] = row(g, { ...node, inputs });
    return [transpose(g, y!, [0, ...axes.slice(2), 1])];
  };
}

export const channelsLastRows: OpRows = {
  Conv: channelsLast(convolutionRows['Conv']!, 2),
  MaxPool: channelsLast(poolingRows['MaxPool']!, 1),
  BatchNormalization: channelsLast(normalizationRows['BatchNormalization']!, 1),
};
