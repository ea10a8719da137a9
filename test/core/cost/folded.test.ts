import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bramBlocks } from '../../../src/core/cost/hls4ml/bram.ts';
import {
  foldedBram,
  foldedDsp,
  foldedFf,
  foldedLut,
  type FoldedKernel,
} from '../../../src/core/cost/hls4ml/resource.ts';
import { isLegalReuse, legalReuse } from '../../../src/core/cost/hls4ml/reuseFactor.ts';

type Row = readonly [
  inputs: number,
  outputs: number,
  weightBits: number,
  reuse: number,
  latency: number,
  ii: number,
  lut: number,
  ff: number,
  dsp: number,
  bram: number,
];

const { folded } = JSON.parse(readFileSync('test/golden/hls4ml_csynth.json', 'utf8')) as {
  folded: readonly Row[];
};

function kernelOf([inputs, outputs, weightBits, reuse]: Row): FoldedKernel {
  return {
    inputs,
    outputs,
    weights: inputs * outputs,
    weightBits,
    inputBits: 16,
    accumulatorBits: 16,
    reuse,
  };
}

const neverUnrolled = (): number => assert.fail('no interpolation expected');

test('97 folded dense layers: interval, DSP, BRAM, LUT and FF as csynth reported them', () => {
  assert.equal(folded.length, 97);
  let exactBram = 0;
  let closeBram = 0;
  const lutErrors: number[] = [];
  const ffErrors: number[] = [];
  for (const row of folded) {
    const [inputs, outputs, , reuse, latency, ii, lut, ff, dsp, bram] = row;
    const kernel = kernelOf(row);
    assert.equal(legalReuse(inputs, outputs, reuse), reuse);
    assert.equal(ii, reuse);
    assert.ok(latency === reuse + 1 || latency === reuse);
    assert.ok(Math.abs(foldedDsp(kernel) - dsp) <= (kernel.weightBits === 6 ? 1 : 0), row.join());
    assert.ok(Math.abs(foldedBram(kernel) - bram) <= 2, row.join());
    if (foldedBram(kernel) === bram) exactBram++;
    if (Math.abs(foldedBram(kernel) - bram) <= 1) closeBram++;
    lutErrors.push(Math.abs(foldedLut(kernel, neverUnrolled) / lut - 1));
    ffErrors.push(Math.abs(foldedFf(kernel) / ff - 1));
  }
  const mean = (errors: readonly number[]) => errors.reduce((a, b) => a + b) / errors.length;
  assert.ok(closeBram >= folded.length - 1);
  assert.ok(exactBram / folded.length > 0.8, `${exactBram} exact`);
  assert.ok(mean(lutErrors) < 0.01 && Math.max(...lutErrors) < 0.09, `${mean(lutErrors)}`);
  assert.ok(mean(ffErrors) < 0.08, `${mean(ffErrors)}`);
});

test('legal reuse factors of hls4ml; otherwise the closest, the smaller one on ties', () => {
  const legal = Array.from({ length: 1024 }, (_, i) => i + 1).filter((reuse) => isLegalReuse(16, 64, reuse));
  assert.deepEqual(legal, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
  assert.equal(legalReuse(16, 64, 3), 2);
  assert.equal(legalReuse(16, 64, 7), 8);
  assert.equal(legalReuse(16, 64, 24), 16);
  assert.equal(legalReuse(16, 64, 1_000_000), 1024);
  assert.equal(legalReuse(64, 5, 4), 4);
  assert.equal(legalReuse(1, 7, 5), 7, 'of a 1×7 kernel only 1 and 7 are legal');
  assert.equal(legalReuse(1, 7, 4), 1, 'a tie goes to the smaller factor');
});

test('block RAM tiers', () => {
  assert.equal(bramBlocks(512, 36), 1);
  assert.equal(bramBlocks(512, 37), 2);
  assert.equal(bramBlocks(1024, 18), 1);
  assert.equal(bramBlocks(2048, 16), 2);
  assert.equal(bramBlocks(16384, 1), 1);
  assert.equal(bramBlocks(20000, 4), 5, 'a 16384-deep block per bit and one 4096×4 for the rest');
  assert.equal(bramBlocks(0, 8), 0);
});

test('a larger reuse factor never needs more DSP, and LUTs between RF 1 and 2 × inputs lie between the two', () => {
  for (const weightBits of [4, 5, 6, 7, 8, 16]) {
    for (const [inputs, outputs] of [
      [16, 64],
      [64, 32],
      [32, 5],
      [7, 3],
    ] as const) {
      let before = Infinity;
      const unrolled = 50_000;
      const two = foldedLut(
        kernelOf([inputs, outputs, weightBits, 2 * inputs, 0, 0, 0, 0, 0, 0]),
        neverUnrolled,
      );
      for (let reuse = 2; reuse <= inputs * outputs; reuse++) {
        if (!isLegalReuse(inputs, outputs, reuse)) continue;
        const kernel = kernelOf([inputs, outputs, weightBits, reuse, 0, 0, 0, 0, 0, 0]);
        assert.ok(foldedDsp(kernel) <= before, `${inputs}×${outputs}, ${weightBits} bits, RF ${reuse}`);
        before = foldedDsp(kernel);
        if (reuse >= 2 * inputs) continue;
        const lut = foldedLut(kernel, () => unrolled);
        assert.ok(lut > Math.min(two, unrolled) && lut <= Math.max(two, unrolled));
      }
    }
  }
});

test('weights or inputs of up to 4 bits are multiplied in LUTs', () => {
  const kernel = kernelOf([64, 32, 8, 4, 0, 0, 0, 0, 0, 0]);
  assert.equal(foldedDsp(kernel), 512);
  assert.equal(foldedDsp({ ...kernel, weightBits: 4 }), 0);
  assert.equal(foldedDsp({ ...kernel, inputBits: 4 }), 0);
  assert.equal(foldedDsp({ ...kernel, inputBits: 6 }), 0, '8×6 bits are narrow enough for LUTs');
});
