// What a run does when the user says nothing.

import type { QuantizeSettings } from './result.ts';

export const DEFAULT_SETTINGS: QuantizeSettings = {
  strategy: 'amp+dp',
  walk: 'binary',
  metric: 'auto',
  family: 'fixed',
  perChannel: true,
  range: 'output',
  weightBits: [10, 8, 7, 6, 5, 4, 3, 2],
  activationBits: [8, 7, 6, 5, 4],
  objective: 'bops',
  maxDrop: 0.01,
  budget: {},
  part: 'xcvu9p',
  reuse: 1,
  clockNs: 5,
  seed: 1,
};

/** Widths added when the widest candidates alone already lose too much. */
export const FALLBACK_BITS: readonly number[] = [16, 12];

/** Networks quantized alike everywhere, always measured for comparison. */
export const UNIFORM_WIDTHS: readonly number[] = [8, 6, 4];

/** Samples of the synthetic set, and of the calibration set when the data hold more. */
export const CALIBRATION_SAMPLES = 256;

/** Samples on which the range of each slot is tried. */
export const RANGE_SAMPLES = 64;
