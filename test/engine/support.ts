// What the engine's tests share: the backend of the bundle, models of the repository, data sets in memory, and jobs run
// without a process around them.

import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import type { Dataset } from '../../src/core/data/dataset.ts';
import type { QuantizeSettings, Result } from '../../src/core/result.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { startBackend } from '../../src/engine/backend/backend.ts';
import { quantize } from '../../src/engine/jobs/quantize.ts';
import type { RunParams, RunProgress } from '../../src/protocol/engine.ts';

export const startTestBackend = (): Promise<string> => startBackend(path.resolve('dist'));

const example = (file: string): string => path.resolve('examples/digits', file);
export const fixture = (file: string): string => path.resolve('test/fixtures/models', file);

export const DIGITS = { path: example('digits.keras') };
/** 32 labelled images. */
export const DIGITS_DATA = { path: example('test.npz'), limit: 32 };
export const DIGITS_CALIBRATION = { path: example('calibration.npz'), limit: 32 };
/** Convolution, BatchNorm, pooling, Dense with softmax: 55 parameters. */
export const TINY = { path: fixture('keras3/tiny.keras') };
/** Linear outputs: a regression. */
export const REGRESSION = { path: fixture('keras3/operators.keras') };

/** Few widths, ranges set without trying them: quick. */
export const NARROW: QuantizeSettings = {
  ...DEFAULT_SETTINGS,
  weightBits: [8, 4],
  activationBits: [8, 4],
  range: 'mse',
};

export const PRODUCER = { version: 'test', backend: 'test' };

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (snapshot: RunProgress) => void;
}

/** The quantize job; a synthetic set of 32 samples when no data are named. */
export function run(params: Partial<RunParams>, options: RunOptions = {}): Promise<Result> {
  const { signal = new AbortController().signal, onProgress = () => undefined } = options;
  const whole = { model: TINY, calibration: { limit: 32 }, settings: NARROW, ...params };
  return quantize(whole, { signal, report: onProgress }, PRODUCER);
}

/** Rows of one input, row-major. */
export function datasetOf(values: Float32Array, width: number, labels?: Int32Array): Dataset {
  return {
    description: 'in memory',
    count: values.length / width,
    shapes: [[width]],
    labels,
    notes: [],
    batch: (start, length) => Promise.resolve([values.slice(start * width, (start + length) * width)]),
  };
}

/** Counts the kernels the backend runs while `work` goes on, and calls `at` when `limit` of them have run. */
export async function countKernels<T>(
  work: () => Promise<T>,
  limit = Infinity,
  at: () => void = () => undefined,
): Promise<{ readonly value: T; readonly kernels: number }> {
  const engine = tf.engine();
  const original = engine.runKernel.bind(engine);
  let kernels = 0;
  engine.runKernel = (...args) => {
    if (++kernels === limit) at();
    return original(...args);
  };
  try {
    return { value: await work(), kernels };
  } finally {
    engine.runKernel = original;
  }
}
