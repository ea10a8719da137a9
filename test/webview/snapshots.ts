// Small snapshots of a convolutional network for tests of the views: real shapes, hand-picked numbers.

import type {
  HeatmapRow,
  HeatmapSnapshot,
  Measure,
  ParetoPoint,
  ParetoSnapshot,
  ResourcesSnapshot,
} from '../../src/protocol/webview.ts';

export const KL: Measure = { id: 'kl', title: 'KL divergence', unit: 'nats', better: 'lower' };
export const SQNR: Measure = { id: 'sqnr', title: 'SQNR', unit: 'dB', better: 'higher' };
export const ACCURACY: Measure = { id: 'accuracy', title: 'Accuracy', unit: '%', better: 'higher' };

const BITS = [8, 4, 2];

function heatmapRow(
  layer: string,
  part: HeatmapRow['part'],
  kl: readonly number[],
  slot: string,
): HeatmapRow {
  return {
    layer,
    name: layer,
    className: 'Conv2D',
    part,
    slot: `${layer}/${slot}`,
    cells: BITS.map((bits, i) => ({
      bits,
      format: `fixed<${bits},0>`,
      values: { kl: kl[i] ?? null, sqnr: 6 * bits },
    })),
    activeBits: 4,
    linked: true,
  };
}

export function heatmapSnapshot(changes: Partial<HeatmapSnapshot> = {}): HeatmapSnapshot {
  return {
    view: 'heatmap',
    title: 'mnist.keras',
    subtitle: 'Sensitivity of 3 layers',
    notes: ['synthetic calibration (seed 1)'],
    measures: [KL, SQNR],
    measure: 'kl',
    bits: BITS,
    rows: [
      heatmapRow('conv1', 'weight', [1e-4, 0.02, 1.5], 'weight'),
      heatmapRow('conv1', 'activation', [2e-4, 0.01, 0.8], 'activation'),
      { ...heatmapRow('conv2', 'weight', [0, 0.3, 2], 'weight'), activeBits: null, linked: false },
    ],
    strings: {},
    ...changes,
  };
}

/** A layer with two weights, as a separable convolution has. */
export function separableRows(): HeatmapRow[] {
  return [
    heatmapRow('sep1', 'weight', [1e-4, 1e-2, 1], 'depthwise_weight'),
    heatmapRow('sep1', 'weight', [1e-4, 1e-2, 1], 'pointwise_weight'),
    heatmapRow('sep1', 'activation', [1e-4, 1e-2, 1], 'activation'),
  ];
}

export function paretoPoint(
  index: number,
  changes: Partial<ParetoPoint> & { x: number | null; y: number | null },
): ParetoPoint {
  const { x, y, ...rest } = changes;
  return {
    index,
    label: `amp ${index}`,
    kind: 'front',
    values: { accuracy: y, bops: x, lut: x === null ? null : 5000 - x / 1e5 },
    active: false,
    chosen: false,
    detail: 'conv2: W8A8 → W4A8',
    ...rest,
  };
}

export function paretoSnapshot(changes: Partial<ParetoSnapshot> = {}): ParetoSnapshot {
  return {
    view: 'pareto',
    title: 'mnist.keras',
    subtitle: '6 candidates',
    notes: [],
    metrics: [ACCURACY, KL],
    costs: [
      { id: 'bops', title: 'BOPs', unit: '', better: 'lower', basis: 'formula' },
      { id: 'lut', title: 'LUT', unit: '', better: 'lower', basis: '27 csynth runs' },
    ],
    metric: 'accuracy',
    cost: 'bops',
    float: { accuracy: 0.99, kl: 0 },
    budget: { bops: 1e8 },
    limit: { accuracy: 0.98 },
    points: [
      paretoPoint(0, { x: 4e8, y: 0.99, kind: 'uniform', label: 'W16A16', active: true }),
      paretoPoint(1, { x: 1.2e8, y: 0.9895 }),
      paretoPoint(2, { x: 6e7, y: 0.983, chosen: true }),
      paretoPoint(3, { x: 2e7, y: 0.61 }),
      paretoPoint(4, { x: 9e7, y: 0.97, kind: 'dominated' }),
      paretoPoint(5, { x: null, y: 0.5, kind: 'dominated' }),
    ],
    strings: {},
    ...changes,
  };
}

export function resourcesSnapshot(changes: Partial<ResourcesSnapshot> = {}): ResourcesSnapshot {
  const row = (
    name: string,
    lut: number | null,
    dsp: number,
    linked = true,
  ): ResourcesSnapshot['rows'][number] => ({
    layer: name,
    name,
    className: 'Conv2D',
    formats: 'W4A8',
    values: { lut, dsp, latency: null },
    basis: 'formula',
    linked,
  });
  return {
    view: 'resources',
    title: 'mnist.keras',
    subtitle: 'Active plan W8A8',
    notes: [],
    part: 'xc7z020',
    columns: [
      { id: 'lut', title: 'LUT', available: 53200 },
      { id: 'dsp', title: 'DSP', available: 220 },
      { id: 'latency', title: 'Latency', available: null },
    ],
    rows: [
      row('conv1', 1200, 9),
      row('conv2', 61000, 100),
      row('pool1', null, 0, false),
      row('dense', 800, 4),
    ],
    total: { lut: 63000, dsp: 113, latency: 5400 },
    strings: {},
    ...changes,
  };
}
