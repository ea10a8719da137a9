// Networks whose weights are integers and whose activations are floats ("dynamic range", "hybrid"): the kernels quantize
// the input of convolutions and products to 8 bits as it comes, one scale per sample or per row. The same here.
// Reference: SymmetricQuantizeFloats and AsymmetricQuantizeFloats in tensorflow/lite/kernels/internal.

import { elements, type Shape } from '../../ir/graph.ts';
import type { Quantizer } from '../../quantizers/quantizer.ts';

export interface DynamicRange {
  /** Codes −127 … 127 around 0, or −128 … 127 between the least and the greatest value. */
  readonly symmetric: boolean;
  /** One scale per entry of the last axis' rows, or one per sample. */
  readonly per: 'row' | 'sample';
}

export function dynamicQuantizer({ symmetric, per }: DynamicRange): Quantizer {
  return {
    text: `int8 dynamic${symmetric ? '' : ' asymmetric'} per ${per}`,
    bits: 8,
    apply: (values, shape) =>
      applyRows(values, rowLength(shape, per), symmetric ? symmetricRow : asymmetricRow),
  };
}

const rowLength = (shape: Shape, per: DynamicRange['per']): number =>
  per === 'row' ? (shape.at(-1) ?? 1) : elements(shape.slice(1));

type RowFunction = (row: Float32Array, out: Float32Array) => void;

function applyRows(values: Float32Array, length: number, quantizeRow: RowFunction): Float32Array {
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at += length)
    quantizeRow(values.subarray(at, at + length), out.subarray(at, at + length));
  return out;
}

/** Halves away from zero, as the kernels round here. */
const round = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5);

function symmetricRow(row: Float32Array, out: Float32Array): void {
  const range = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (range === 0) return;
  const scale = Math.fround(range / 127);
  const inverse = Math.fround(127 / range);
  for (let i = 0; i < row.length; i++)
    out[i] = scale * Math.min(127, Math.max(-127, round(Math.fround(row[i]! * inverse))));
}

function asymmetricRow(row: Float32Array, out: Float32Array): void {
  const low = row.reduce((least, x) => Math.min(least, x), 0);
  const high = row.reduce((most, x) => Math.max(most, x), 0);
  if (low === high) return;
  const scale = (high - low) / 255;
  const zero = zeroPoint(low / scale, high / scale);
  const step = Math.fround(scale);
  const inverse = Math.fround(1 / scale);
  for (let i = 0; i < row.length; i++)
    out[i] = step * (Math.min(127, Math.max(-128, round(Math.fround(zero + row[i]! * inverse)))) - zero);
}

/** The code of 0 from the end of the range where that is the more exact. */
function zeroPoint(low: number, high: number): number {
  const fromLow = -128 - low;
  const fromHigh = 127 - high;
  const exact = 128 + Math.abs(low) < 127 + Math.abs(high) ? fromLow : fromHigh;
  return Math.min(127, Math.max(-128, round(exact)));
}
