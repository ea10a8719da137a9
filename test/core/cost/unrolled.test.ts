import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  POOLED,
  VITIS_2022,
  VIVADO_2019,
  VIVADO_2020,
  type Calibration,
} from '../../../src/core/cost/hls4ml/calibration.ts';
import { codeStatistics } from '../../../src/core/cost/hls4ml/codeStatistics.ts';
import { bitLength, csdDigits } from '../../../src/core/cost/hls4ml/csd.ts';
import { fabricLut, usesDsp } from '../../../src/core/cost/hls4ml/multiply.ts';
import { placeMultipliers, unrolledLut } from '../../../src/core/cost/hls4ml/unrolled.ts';

interface Run {
  readonly tool: '2019.2' | '2020.1' | '2022.2';
  readonly strategy: 'latency' | 'resource';
  readonly inputBits: number;
  readonly weightBits: number;
  readonly accumulatorBits: number;
  readonly nonzero: number;
  readonly dsp: number;
  readonly extraDigits: number;
  readonly fabric: number;
  readonly vitis?: { readonly dsp: number; readonly extraDigits: number };
  readonly reported: { readonly dsp: number; readonly lut: number; readonly ff: number };
}

const { unrolled: runs } = JSON.parse(readFileSync('test/golden/hls4ml_csynth.json', 'utf8')) as {
  unrolled: readonly Run[];
};

test('canonical signed digits', () => {
  const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 21, 45, 23, 43, 85, 0x5555].map(
    csdDigits,
  );
  assert.deepEqual(digits, [0, 1, 1, 2, 1, 2, 2, 2, 1, 2, 2, 3, 2, 3, 2, 2, 3, 4, 3, 4, 4, 8]);
  assert.equal(csdDigits(-11), 3);
  assert.deepEqual([0, 1, 3, 4, -5, 255].map(bitLength), [0, 1, 2, 3, 3, 8]);
});

test('the signed digits are minimal: no shorter sum of powers of two gives the number', () => {
  const shortest = new Map<number, number>([[0, 0]]);
  for (let count = 1; count <= 5; count++) {
    for (const [value, used] of [...shortest]) {
      if (used !== count - 1) continue;
      for (let shift = 0; shift <= 9; shift++) {
        for (const next of [value + 2 ** shift, value - 2 ** shift])
          if (!shortest.has(next)) shortest.set(next, count);
      }
    }
  }
  for (let n = -200; n <= 200; n++) assert.equal(csdDigits(n), shortest.get(n), String(n));
});

test('each input row counts a distinct signed constant once', () => {
  const rows = [Int32Array.of(21, 21, 0, 1), Int32Array.of(21, -21, 6, 0), Int32Array.of(0, 0, 0, 0)];
  const statistics = codeStatistics(rows, 5);
  assert.equal(statistics.nonzero, 6);
  assert.equal(statistics.extraDigits, 0 + 1, '1 is a wire, 6 = 8 − 2 one subtraction');
  assert.equal(
    statistics.multipliers[6],
    3,
    '21 in the first row, 21 and −21 in the second: six bits with sign',
  );
  assert.equal(
    statistics.multipliers.reduce((a, b) => a + b),
    3,
  );
});

test('Vivado HLS shifts and adds 11 and 13, Vitis HLS multiplies them', () => {
  const row = [Int32Array.of(11, 13, -11, -13)];
  assert.equal(placeMultipliers(codeStatistics(row, VIVADO_2020.minimumBits), 16).dsp, 2);
  assert.equal(placeMultipliers(codeStatistics(row, VITIS_2022.minimumBits), 16).dsp, 4);
  assert.equal(codeStatistics(row, VIVADO_2020.minimumBits).extraDigits, 4);
});

test('narrow products stay in LUTs, wide ones take a DSP', () => {
  const inLuts = [
    [6, 6],
    [7, 6],
    [8, 7],
    [9, 6],
  ] as const;
  const inDsps = [
    [11, 7],
    [12, 8],
    [16, 5],
    [16, 11],
  ] as const;
  for (const [a, b] of inLuts) assert.equal(usesDsp(a, b), false, `${a}×${b}`);
  for (const [a, b] of inDsps) assert.equal(usesDsp(a, b), true, `${a}×${b}`);
  assert.equal(fabricLut(6, 5), 23);
  for (const [a, b, reported] of [
    [7, 6, 64],
    [8, 7, 77],
    [9, 6, 101],
  ] as const) {
    assert.ok(Math.abs(fabricLut(a, b) / reported - 1) < 0.26, `${a}×${b}`);
  }
  const statistics = codeStatistics([Int32Array.of(21, 22, 27)], 5);
  assert.deepEqual(placeMultipliers(statistics, 6), { dsp: 0, lut: 69 });
  assert.deepEqual(placeMultipliers(statistics, 16), { dsp: 3, lut: 0 });
});

test('the DSP rule gives the reported counts of all 62 calibration runs and 12 jet tagger layers', () => {
  for (const run of runs) assert.equal((run.vitis ?? run).dsp, run.reported.dsp);
  assert.equal(runs.length, 74);
});

/** Relative errors of the LUT estimate over some runs. */
function lutErrors(selected: readonly Run[], calibration: Calibration): number[] {
  return selected.map((run) => {
    const { dsp, extraDigits } = (calibration.minimumBits === 0 ? run.vitis : undefined) ?? run;
    const multipliers = { dsp, lut: run.fabric * fabricLut(run.inputBits, run.weightBits) };
    const statistics = { nonzero: run.nonzero, extraDigits };
    const lut = unrolledLut(statistics, multipliers, run.inputBits, run.accumulatorBits, calibration);
    return lut / run.reported.lut - 1;
  });
}

const mean = (errors: readonly number[]): number =>
  errors.reduce((sum, e) => sum + Math.abs(e), 0) / errors.length;
const worst = (errors: readonly number[]): number => Math.max(...errors.map(Math.abs));

test('LUT estimates stay within the errors their calibrations state', () => {
  const wide = runs.filter(({ tool, strategy }) => tool === '2020.1' && strategy === 'latency');
  const jets16 = runs.filter(
    ({ tool, inputBits, weightBits }) => tool === '2019.2' && inputBits === 16 && weightBits === 16,
  );
  const jets6 = runs.filter(({ tool, weightBits }) => tool === '2019.2' && weightBits === 6);
  const vitis = runs.filter(({ tool }) => tool === '2022.2');
  assert.deepEqual([wide.length, jets16.length, jets6.length, vitis.length], [27, 4, 4, 4]);
  assert.ok(mean(lutErrors(wide, VIVADO_2020)) < 0.034 && worst(lutErrors(wide, VIVADO_2020)) < 0.111);
  assert.ok(worst(lutErrors(jets16, VIVADO_2019)) < 0.004);
  assert.ok(mean(lutErrors(jets6, VIVADO_2019)) < 0.11);
  assert.ok(worst(lutErrors(vitis, VITIS_2022)) < 0.004);
});

test('the pooled calibration is within −11 and +15.5 % of all three tools, 6 % on average', () => {
  const errors = lutErrors(
    runs.filter(({ strategy }) => strategy === 'latency'),
    POOLED,
  );
  assert.equal(errors.length, 39);
  assert.ok(mean(errors) < 0.062, `mean ${mean(errors)}`);
  assert.ok(
    Math.max(...errors) < 0.155 && Math.min(...errors) > -0.111,
    `${Math.min(...errors)} … ${Math.max(...errors)}`,
  );
});

test('pipeline registers stay within the stated error on 16-bit data', () => {
  for (const [tool, calibration, bound] of [
    ['2020.1', VIVADO_2020, 0.24],
    ['2022.2', VITIS_2022, 0.04],
  ] as const) {
    const errors = runs
      .filter((run) => run.tool === tool && run.strategy === 'latency')
      .map(
        ({ nonzero, dsp, reported }) =>
          (calibration.ffPerTerm * nonzero + calibration.ffPerDsp * dsp) / reported.ff - 1,
      );
    assert.ok(mean(errors) < bound, `${tool}: ${mean(errors)}`);
  }
});
