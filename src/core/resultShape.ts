// result.ts as a shape that JSON is held against: what passes can be shown, exported and gone on from. A field that is
// added there is asked for here by the compiler, and needs a new RESULT_VERSION.

import { COSTS, type Basis, type Costs } from './cost/costs.ts';
import { PARTS } from './cost/parts.ts';
import {
  dictionary,
  flag,
  index,
  list,
  literal,
  nullable,
  number,
  object,
  oneOf,
  optional,
  text,
  type Shape,
} from './jsonShape.ts';
import { parseFormat } from './quantizers/format.ts';
import type {
  Candidate,
  CandidateLayer,
  CostRow,
  DataDescription,
  GroupSummary,
  LayerSummary,
  Metrics,
  QuantizeSettings,
  Result,
  SensitivityRow,
  SlotRow,
  SlotSummary,
} from './result.ts';

const format: Shape = (value, path) => {
  if (typeof value !== 'string') return path;
  try {
    parseFormat(value);
    return undefined;
  } catch {
    return path;
  }
};

const costs = object<Costs>({
  bits: optional(number),
  bops: optional(number),
  energy: optional(number),
  lut: optional(number),
  dsp: optional(number),
  ff: optional(number),
  bram: optional(number),
  latency: optional(number),
  ii: optional(number),
});

const basis = object<Basis>({
  kind: literal<Basis['kind']>({ formula: true, calibrated: true, measured: true }),
  source: text,
  error: optional(text),
});

const metrics = {
  sqnr: number,
  kl: nullable(number),
  mse: number,
  agreement: nullable(number),
  accuracy: nullable(number),
  accuracyError: nullable(number),
};

const setting: Shape = (value, path) =>
  ['string', 'number', 'boolean'].includes(typeof value) ? undefined : list(number)(value, path);

const layer = object<LayerSummary>({
  id: text,
  name: text,
  className: text,
  settings: dictionary(setting),
  outputShape: list(nullable(number)),
  parameters: number,
  macs: number,
  inputs: list(text),
  weights: list(text),
  biases: list(text),
  reads: list(text),
  writes: nullable(text),
});

const slot = object<SlotSummary>({
  id: text,
  kind: literal<SlotSummary['kind']>({ weight: true, bias: true, activation: true, input: true }),
  layer: text,
  elements: number,
  trained: optional(text),
});

const group = object<GroupSummary>({
  id: text,
  weights: list(text),
  activations: list(text),
  candidates: list(text),
});

const data = object<DataDescription>({
  description: text,
  hash: text,
  samples: number,
  labelled: flag,
  synthetic: flag,
  notes: list(text),
});

const settings = object<QuantizeSettings>({
  strategy: literal<QuantizeSettings['strategy']>({ amp: true, 'amp+dp': true }),
  walk: literal<QuantizeSettings['walk']>({ brute: true, binary: true, interpolation: true }),
  metric: literal<QuantizeSettings['metric']>({
    auto: true,
    kl: true,
    sqnr: true,
    mse: true,
    accuracy: true,
  }),
  family: literal<QuantizeSettings['family']>({ fixed: true, int: true, 'int-asymmetric': true }),
  perChannel: flag,
  range: literal<QuantizeSettings['range']>({ output: true, mse: true, percentile: true, minmax: true }),
  weightBits: list(number),
  activationBits: list(number),
  objective: oneOf(COSTS.map(({ id }) => id)),
  maxDrop: nullable(number),
  budget: costs,
  part: oneOf(PARTS.map(({ id }) => id)),
  reuse: number,
  clockNs: number,
  seed: number,
});

const candidateLayer = object<CandidateLayer>({ layer: text, costs, basis: list(index) });

const candidate = object<Candidate>({
  label: text,
  origin: literal<Candidate['origin']>({ uniform: true, trained: true, amp: true, dp: true, repair: true }),
  plan: dictionary(format),
  flips: list(object<Candidate['flips'][number]>({ group: text, from: text, to: text })),
  metrics: object<Metrics>(metrics),
  drop: number,
  dropBound: number,
  predictedDrop: nullable(number),
  costs,
  layers: list(candidateLayer),
});

export const RESULT_SHAPE = object<Omit<Result, 'version'>>({
  status: literal<Result['status']>({ complete: true, cancelled: true, interrupted: true }),
  key: text,
  producer: object<Result['producer']>({ version: text, backend: text }),
  model: object<Result['model']>({
    file: text,
    hash: text,
    name: text,
    framework: text,
    layers: list(layer),
    slots: list(slot),
    groups: list(group),
    folded: list(text),
  }),
  calibration: data,
  evaluation: data,
  settings,
  float: object<Result['float']>({
    accuracy: nullable(number),
    calibrationAccuracy: nullable(number),
    accuracyBasis: literal<Result['float']['accuracyBasis']>({ labels: true, estimate: true, none: true }),
    dropPerNat: number,
  }),
  ranking: literal<Result['ranking']>({ kl: true, sqnr: true, mse: true, accuracy: true }),
  sensitivity: object<Result['sensitivity']>({
    groups: list(object<SensitivityRow>({ group: text, format: text, ...metrics })),
    slots: list(object<SlotRow>({ slot: text, bits: number, format, ...metrics })),
  }),
  costTable: list(object<CostRow>({ slot: text, weightBits: number, inputBits: number, costs })),
  costBasis: object<Result['costBasis']>({
    bits: optional(basis),
    bops: optional(basis),
    energy: optional(basis),
    lut: optional(basis),
    dsp: optional(basis),
    ff: optional(basis),
    bram: optional(basis),
    latency: optional(basis),
    ii: optional(basis),
  }),
  bases: list(basis),
  candidates: list(candidate),
  front: list(index),
  chosen: nullable(index),
  notes: list(text),
});
