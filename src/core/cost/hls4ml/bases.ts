// How well each part of the estimate is known: the sentences shown beside the figures.

import type { Basis, CostName } from '../costs.ts';
import type { Calibration } from './calibration.ts';
import { UNROLL_LIMIT } from './unrolled.ts';

/** What Vivado's synthesis makes of csynth's counts (nine public designs). */
const SYNTHESIS = 'Vivado synthesis: about 0.45–0.5 × the LUT of unrolled, 0.1–0.3 × of folded layers';

export interface Bases {
  readonly unrolled: Basis;
  /** More multiplications than hls4ml's Latency strategy builds. */
  readonly tooLarge: Basis;
  readonly folded: Basis;
  readonly unrolledStream: Basis;
  readonly tooLargeStream: Basis;
  readonly foldedStream: Basis;
  readonly depthwise: Basis;
  readonly transpose: Basis;
  readonly network: Readonly<Partial<Record<CostName, Basis>>>;
}

export function basesOf(calibration: Calibration): Bases {
  const unrolled: Basis = {
    kind: 'calibrated',
    source: calibration.source,
    error: `${calibration.error}; ${SYNTHESIS}`,
  };
  const folded: Basis = {
    kind: 'calibrated',
    source:
      'csynth, Vivado HLS 2020.1, 871 dense runs with 16-bit data; other widths scaled; RF below 2 × inputs interpolated',
    error: `LUT 0.9 % mean, 9 % max; DSP within 1; BRAM within 1; FF 7 %; ${SYNTHESIS}`,
  };
  const streamed = (basis: Basis): Basis => ({
    ...basis,
    source: `${basis.source}; line buffer, window and FIFOs after the hls4ml tutorial's SVHN network`,
    error: `stream overhead fitted to one network; ${basis.error ?? ''}`,
  });
  const limit = `more than ${UNROLL_LIMIT} multiplications: hls4ml refuses to unroll this layer, choose a ReuseFactor above 1; `;
  const tooLarge: Basis = { ...unrolled, source: limit + unrolled.source };
  return {
    unrolled,
    tooLarge,
    folded,
    unrolledStream: streamed(unrolled),
    tooLargeStream: streamed(tooLarge),
    foldedStream: streamed(folded),
    depthwise: {
      ...streamed(unrolled),
      kind: 'formula',
      error: 'dense rules carried over to depthwise kernels; not measured',
    },
    transpose: {
      ...streamed(unrolled),
      kind: 'formula',
      error: 'hls4ml has no transposed convolution; built as one convolution per output phase; not measured',
    },
    network: networkBases(calibration),
  };
}

/** Widths or types without a fixed-point build. */
export const FLOAT_BASIS: Basis = {
  kind: 'formula',
  source: 'no estimate: hls4ml builds fixed-point layers, and this one has float32 weights, biases or inputs',
};

/** Ops without a figure of their own. */
export const UNPRICED_BASIS: Basis = {
  kind: 'formula',
  source: 'no estimate: BitLens has no figures for this op in hls4ml',
};

export const ACTIVATION_BASIS: Basis = {
  kind: 'calibrated',
  source:
    'csynth of ReLU layers: 28 LUT at 16 bits, 72 to 121 with rounding and saturation (three tool versions)',
  error: 'LUT ±20 %; leaky and clipped forms from parts',
};

export const TABLE_BASIS: Basis = {
  kind: 'formula',
  source: 'hls4ml table of 1024 × 18 bits per two values; counted alike for functions hls4ml does not have',
  error: 'not measured',
};

export const SOFTMAX_BASIS: Basis = {
  kind: 'calibrated',
  source:
    'csynth of softmax layers: 5 classes in parallel, 10 in a stream; scaled with the number of classes',
  error: 'LUT ±30 %; newer tools take up to 8 BRAM18',
};

export const AFFINE_BASIS: Basis = {
  kind: 'formula',
  source:
    'one multiplier and one adder per channel; two normalization layers in the hls4ml tutorial agree within 10 % in DSP',
  error: 'LUT ±30 %',
};

export const MERGE_BASIS: Basis = {
  kind: 'formula',
  source: 'one LUT per bit of each adder',
  error: 'not measured',
};

export const POOL_BASIS: Basis = {
  kind: 'calibrated',
  source: 'csynth of six 2×2 max poolings, Vivado HLS 2020.1; other windows scaled',
  error: 'LUT and FF 2 % on those; cycles exact',
};

export const MOVER_BASIS: Basis = {
  kind: 'formula',
  source: 'stream registers and FIFOs only',
  error: 'not measured',
};

function networkBases(calibration: Calibration): Bases['network'] {
  const { source } = calibration;
  return {
    lut: { kind: 'calibrated', source, error: `unrolled dense ${lutError(calibration)}; ${SYNTHESIS}` },
    dsp: {
      kind: 'calibrated',
      source,
      error: 'exact on the calibration layers, within 2 % across tool versions',
    },
    ff: { kind: 'calibrated', source, error: '±50 % unrolled, 7 % folded' },
    bram: {
      kind: 'calibrated',
      source: 'csynth, Vivado HLS 2020.1: weight ROMs of 871 dense runs, FIFOs of the SVHN network',
      error: 'within 1 per layer in 99.8 %; Vivado synthesis about 0.7 ×',
    },
    latency: {
      kind: 'calibrated',
      source:
        'io_parallel: layer latencies and one cycle per call; io_stream: the slowest layer and the layers behind the last pixel',
      error: '0 to +6 cycles on four parallel networks at 5 ns; 0.3 to 10 % on three streamed ones',
    },
    ii: {
      kind: 'calibrated',
      source: 'slowest layer (+ 1 cycle with io_stream)',
      error: 'exact on 871 dense runs and the SVHN network',
    },
  };
}

function lutError(calibration: Calibration): string {
  return calibration.error.split(';')[0] ?? '';
}
