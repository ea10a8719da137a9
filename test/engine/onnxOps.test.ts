// Every operator of the ONNX table against onnxruntime, computed and folded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOnnx, onnxCases, relativeError, type OnnxCase } from '../core/importers/onnxCases.ts';
import { runGraph } from './runGraph.ts';

const FAMILIES = (
  'elementwise activations convolutions linear normalizations reductions shapes slicings indexing constants resizing ' +
  'recurrent control attention microsoft torch'
).split(' ');

/** Rounding of float32 in another order. */
const TOLERANCE = 1e-5;

const joined = (samples: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(samples.reduce((length, sample) => length + sample.length, 0));
  let at = 0;
  for (const sample of samples) {
    all.set(sample, at);
    at += sample.length;
  }
  return all;
};

async function errorOf({ model, inputs, outputs }: OnnxCase): Promise<number> {
  const graph = await openOnnx(model);
  const got = await runGraph(graph, inputs.map(joined), inputs[0]!.length);
  return relativeError(got, outputs.map(joined));
}

async function foldedErrorOf(model: Uint8Array, { outputs }: OnnxCase): Promise<number> {
  const graph = await openOnnx(model);
  const got = await runGraph(graph, [Float32Array.of(0)], 1);
  return relativeError(
    got,
    outputs.map((samples) => samples[0]!),
  );
}

for (const family of FAMILIES)
  test(`${family}: as in onnxruntime`, async (context) => {
    const failures: string[] = [];
    let worst = 0;
    const check = async (name: string, run: () => Promise<number>): Promise<void> => {
      try {
        const error = await run();
        worst = Math.max(worst, error);
        if (!(error <= TOLERANCE)) failures.push(`${name}: ${error.toExponential(1)}`);
      } catch (error) {
        failures.push(`${name}: ${String(error)}`);
      }
    };
    const cases = onnxCases(family);
    assert.ok(cases.length > 0);
    for (const one of cases) {
      const { name, folded } = one;
      if (one.inputs.length > 0) await check(name, () => errorOf(one));
      if (folded) await check(`${name} folded`, () => foldedErrorOf(folded, one));
    }
    context.diagnostic(`${cases.length} cases, largest relative error ${worst.toExponential(1)}`);
    assert.deepEqual(failures, []);
  });
