// A small result made by hand: a convolution with a fused ReLU, a dense head, five plans. Numbers are chosen so that each
// can be told from the others; costs follow from the widths by formulas that are only right for tests.

import type { Basis, Costs } from '../../src/core/cost/costs.ts';
import type {
  Candidate,
  CandidateLayer,
  CostRow,
  DataDescription,
  LayerSummary,
  Metrics,
  Result,
  SlotRow,
  SlotSummary,
} from '../../src/core/result.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';

/** Widths by slot; a slot that is not named stays float. */
export type Widths = Readonly<Record<string, number>>;

export const widthsOf = (conv1: number, relu1: number, dense: number, image = 8): Widths => ({
  'image/input': image,
  'conv1/weight': conv1,
  'relu1/activation': relu1,
  'dense/weight': dense,
});

export const FLOAT_ACCURACY = 0.9;

export function metrics(changes: Partial<Metrics> = {}): Metrics {
  return {
    sqnr: 40,
    kl: 1e-5,
    mse: 1e-4,
    agreement: 1,
    accuracy: FLOAT_ACCURACY,
    accuracyError: 0,
    ...changes,
  };
}

export function formatOf(slot: string, bits: number): string {
  return slot.endsWith('/weight') ? `fixed<${bits},0>` : `ufixed<${bits},2>`;
}

/** A measurement of one slot. `lost` is accuracy against float. */
export function slotRow(slot: string, bits: number, lost: number, changes: Partial<Metrics> = {}): SlotRow {
  const accuracy = FLOAT_ACCURACY - lost;
  const agreement = lost === 0 ? 1 : 0.95;
  const accuracyError = lost === 0 ? 0 : 0.002;
  return {
    slot,
    bits,
    format: formatOf(slot, bits),
    ...metrics({ sqnr: 6 * bits, accuracy, agreement, accuracyError, ...changes }),
  };
}

export const SLOT_ROWS: readonly SlotRow[] = [
  slotRow('image/input', 8, 0, { kl: 1e-6 }),
  slotRow('image/input', 4, 0.001, { kl: 0.001 }),
  slotRow('conv1/weight', 8, 0, { kl: 2e-5 }),
  slotRow('conv1/weight', 4, 0.003, { kl: 0.004 }),
  slotRow('conv1/weight', 2, 0.3, { kl: 1.2 }),
  slotRow('relu1/activation', 8, 0, { kl: 3e-5 }),
  slotRow('relu1/activation', 4, 0.005, { kl: 0.008 }),
  slotRow('dense/weight', 8, 0, { kl: 1e-5 }),
  slotRow('dense/weight', 4, -0.001, { kl: 0.002 }),
  slotRow('dense/weight', 2, 0.02, { kl: 0.05 }),
];

export function layer(id: string, className: string, changes: Partial<LayerSummary> = {}): LayerSummary {
  return {
    id,
    name: id,
    className,
    settings: {},
    outputShape: [26, 26, 8],
    parameters: 0,
    macs: 0,
    inputs: [],
    weights: [],
    biases: [],
    reads: [],
    writes: null,
    ...changes,
  };
}

export const LAYERS: readonly LayerSummary[] = [
  layer('image', 'InputLayer', { outputShape: [28, 28, 1], writes: 'image/input' }),
  layer('conv1', 'Conv2D', {
    parameters: 1152,
    macs: 48_672,
    weights: ['conv1/weight'],
    biases: ['conv1/bias'],
    reads: ['image/input'],
    writes: 'relu1/activation',
  }),
  layer('relu1', 'ReLU', { writes: 'relu1/activation' }),
  layer('pool1', 'MaxPooling2D', { outputShape: [13, 13, 8], reads: ['relu1/activation'] }),
  layer('flatten', 'Flatten', { outputShape: [1352], reads: ['relu1/activation'] }),
  layer('dense', 'Dense', {
    outputShape: [10],
    parameters: 13_530,
    macs: 13_520,
    weights: ['dense/weight'],
    biases: ['dense/bias'],
    reads: ['relu1/activation'],
  }),
];

const SLOTS: readonly SlotSummary[] = [
  { id: 'image/input', kind: 'input', layer: 'image', elements: 784 },
  { id: 'conv1/weight', kind: 'weight', layer: 'conv1', elements: 1000 },
  { id: 'conv1/bias', kind: 'bias', layer: 'conv1', elements: 8 },
  { id: 'relu1/activation', kind: 'activation', layer: 'relu1', elements: 5408 },
  { id: 'dense/weight', kind: 'weight', layer: 'dense', elements: 3000 },
  { id: 'dense/bias', kind: 'bias', layer: 'dense', elements: 10 },
];

/** Costs of a kernel: multiplications of at most four bits need no DSP. null: float, which hardware does not build. */
export function kernelCosts(macs: number, weight: number | undefined, input: number | undefined): Costs {
  const plain = { bops: macs * (weight ?? 32) * (input ?? 32), bits: macs * (weight ?? 32) };
  if (weight === undefined || input === undefined) return plain;
  const lut = Math.round((macs / 100) * weight);
  return { ...plain, lut, dsp: weight > 4 ? 10 * weight : 0, ff: 2 * lut, bram: 3, latency: 100, ii: 90 };
}

const FORMULA: Basis = { kind: 'formula', source: 'MACs × widths' };
const CSYNTH: Basis = { kind: 'calibrated', source: 'csynth of dense layers', error: 'LUT 6 %' };
const POOLING: Basis = { kind: 'calibrated', source: 'csynth of poolings', error: 'LUT 2 %' };

function candidateLayers(widths: Widths): CandidateLayer[] {
  const pooled =
    widths['relu1/activation'] === undefined ? {} : { lut: 50, dsp: 0, ff: 20, bram: 1, latency: 60, ii: 60 };
  return [
    {
      layer: 'conv1',
      costs: kernelCosts(48_672, widths['conv1/weight'], widths['image/input']),
      basis: [0, 1],
    },
    { layer: 'pool1', costs: pooled, basis: [2] },
    {
      layer: 'dense',
      costs: kernelCosts(13_520, widths['dense/weight'], widths['relu1/activation']),
      basis: [0, 1],
    },
  ];
}

/** Sums of what all layers have; a hardware cost that one lacks has no total. */
function total(layers: readonly CandidateLayer[]): Costs {
  const names = ['bops', 'bits', 'lut', 'dsp', 'ff', 'bram', 'latency'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const known = layers.flatMap(({ costs }) => costs[name] ?? []);
      const needed = name === 'bops' || name === 'bits' ? known.length : layers.length;
      return known.length < needed ? [] : [[name, known.reduce((sum, value) => sum + value, 0)]];
    }),
  );
}

/** A measured plan. `lost` is accuracy against float. */
export function candidate(
  label: string,
  widths: Widths,
  lost: number,
  changes: Partial<Candidate> = {},
): Candidate {
  const layers = candidateLayers(widths);
  const accuracyError = lost === 0 ? 0 : 0.002;
  return {
    label,
    origin: 'uniform',
    plan: Object.fromEntries(Object.entries(widths).map(([slot, bits]) => [slot, formatOf(slot, bits)])),
    flips: [],
    metrics: metrics({ accuracy: FLOAT_ACCURACY - lost, accuracyError, kl: 5 * Math.abs(lost) }),
    drop: lost,
    dropBound: lost + accuracyError,
    predictedDrop: null,
    costs: total(layers),
    layers,
    ...changes,
  };
}

export const CANDIDATES: readonly Candidate[] = [
  candidate('W8A8', widthsOf(8, 8, 8), 0),
  candidate('W4A4', widthsOf(4, 4, 4, 4), 0.02),
  candidate('amp 3', widthsOf(8, 8, 4), -0.001, {
    origin: 'amp',
    flips: [{ group: 'dense', from: 'W8A8', to: 'W4A8' }],
  }),
  candidate('dp 1/9', widthsOf(4, 8, 4), 0.006, {
    origin: 'dp',
    flips: [
      { group: 'conv1', from: 'W8A8', to: 'W4A8' },
      { group: 'dense', from: 'W8A8', to: 'W4A8' },
    ],
  }),
  candidate('dp 2/9', widthsOf(4, 8, 8), 0.007, { origin: 'dp', flips: [] }),
];

/** Index of the plan the settings ask for. */
export const CHOSEN = 3;

export function dataDescription(changes: Partial<DataDescription> = {}): DataDescription {
  return {
    description: 'test.npz: x_test uint8 1000×28×28, y_test',
    hash: 'data',
    samples: 1000,
    labelled: true,
    synthetic: false,
    notes: [],
    ...changes,
  };
}

export const UNLABELLED = dataDescription({
  description: 'calibration.npz: x uint8 256×28×28',
  hash: 'calibration',
  samples: 256,
  labelled: false,
});

export const SYNTHETIC = dataDescription({
  description: 'synthetic calibration: 256 samples',
  hash: 'synthetic',
  samples: 256,
  labelled: false,
  synthetic: true,
  notes: ['synthetic calibration (seed 1)'],
});

function costTable(): CostRow[] {
  const rows = (slot: string, macs: number): CostRow[] =>
    [8, 4, 2].flatMap((weightBits) =>
      [8, 4].map((inputBits) => ({
        slot,
        weightBits,
        inputBits,
        costs: kernelCosts(macs + (inputBits === 4 ? -1000 : 0), weightBits, inputBits),
      })),
    );
  return [...rows('conv1/weight', 48_672), ...rows('dense/weight', 13_520)];
}

/** Labelled data, complete, `dp 1/9` recommended. */
export function buildResult(changes: Partial<Result> = {}): Result {
  return {
    version: 1,
    status: 'complete',
    key: 'key',
    producer: { version: '0.1.0', backend: 'test' },
    model: {
      file: 'mnist.keras',
      hash: 'model',
      name: 'mnist',
      framework: 'Keras 3',
      layers: LAYERS,
      slots: SLOTS,
      groups: [
        { id: 'conv1', weights: ['conv1/weight'], activations: ['image/input'], candidates: [] },
        { id: 'dense', weights: ['dense/weight'], activations: ['relu1/activation'], candidates: [] },
      ],
      folded: [],
    },
    calibration: dataDescription(),
    evaluation: dataDescription(),
    settings: { ...DEFAULT_SETTINGS, weightBits: [8, 4, 2], activationBits: [8, 4] },
    float: {
      accuracy: FLOAT_ACCURACY,
      calibrationAccuracy: FLOAT_ACCURACY,
      accuracyBasis: 'labels',
      dropPerNat: 0,
    },
    ranking: 'kl',
    sensitivity: { groups: [], slots: SLOT_ROWS },
    costTable: costTable(),
    costBasis: { bops: FORMULA, bits: FORMULA, lut: CSYNTH, dsp: CSYNTH },
    bases: [FORMULA, CSYNTH, POOLING],
    candidates: CANDIDATES,
    front: [1, 3, 2],
    chosen: CHOSEN,
    notes: [],
    ...changes,
  };
}

/** The same network without classes: only SQNR and squared error are known. */
export function buildRegression(changes: Partial<Result> = {}): Result {
  const nothing = { kl: null, agreement: null, accuracy: null, accuracyError: null };
  const noise = (sqnr: number): number => 10 ** (-sqnr / 10);
  return buildResult({
    float: { accuracy: null, calibrationAccuracy: null, accuracyBasis: 'none', dropPerNat: 0 },
    ranking: 'sqnr',
    sensitivity: { groups: [], slots: SLOT_ROWS.map((row) => ({ ...row, ...nothing })) },
    candidates: CANDIDATES.map((one, index) => {
      const sqnr = 45 - 5 * index;
      return { ...one, metrics: metrics({ ...nothing, sqnr }), drop: noise(sqnr), dropBound: noise(sqnr) };
    }),
    ...changes,
  });
}
