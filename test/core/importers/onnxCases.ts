// The cases of test/fixtures/models/onnx: models, inputs, and what onnxruntime makes of them.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, strFromU8 } from 'fflate';
import { onnx } from '../../../src/core/importers/onnx/onnx.ts';
import type { OpenOptions } from '../../../src/core/importers/importer.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { memorySource } from '../../support/memorySource.ts';

interface StoredCase {
  readonly name: string;
  readonly op: string;
  readonly model: string;
  readonly folded?: string;
  readonly inputs: readonly (readonly string[])[];
  readonly outputs: readonly (readonly string[])[];
  readonly float?: readonly (readonly string[])[];
  readonly step?: number;
}

export interface OnnxCase {
  readonly name: string;
  readonly op: string;
  readonly model: Uint8Array;
  /** The same node on constants, of the first sample. */
  readonly folded: Uint8Array | undefined;
  /** [input][sample] */
  readonly inputs: readonly (readonly Float32Array[])[];
  readonly outputs: readonly (readonly Float32Array[])[];
  /** What the network gave before it was quantized. */
  readonly float: readonly (readonly Float32Array[])[] | undefined;
  /** Distance between two values of what quantizes the output; 0 when nothing does. */
  readonly step: number;
}

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const floats = (text: string): Float32Array => new Float32Array(bytes(text).buffer as ArrayBuffer);

export function onnxCases(family: string): readonly OnnxCase[] {
  const file = path.resolve('test/fixtures/models/onnx', `${family}.json.gz`);
  const list = JSON.parse(strFromU8(gunzipSync(readFileSync(file)))) as readonly StoredCase[];
  return list.map(({ name, op, model, folded, inputs, outputs, float, step = 0 }) => ({
    name,
    op,
    model: bytes(model),
    folded: folded === undefined ? undefined : bytes(folded),
    inputs: inputs.map((samples) => samples.map(floats)),
    outputs: outputs.map((samples) => samples.map(floats)),
    float: float?.map((samples) => samples.map(floats)),
    step,
  }));
}

export const openOnnx = async (model: Uint8Array, options: OpenOptions = {}): Promise<Graph> =>
  onnx.open(memorySource('model.onnx', model), options);

/** Largest |a − b| over the largest |b|; NaN where only one has it. */
export function relativeError(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  let worst = 0;
  let largest = 1e-3;
  for (const [at, want] of expected.entries()) {
    const got = actual[at]!;
    if (got.length !== want.length) return Infinity;
    for (const [i, value] of want.entries()) {
      if (Number.isFinite(value)) {
        worst = Math.max(worst, Math.abs(value - got[i]!));
        largest = Math.max(largest, Math.abs(value));
      } else if (!Object.is(value, got[i])) return Infinity;
      if (Number.isNaN(got[i])) return Number.isNaN(value) ? worst : Infinity;
    }
  }
  return worst / largest;
}
