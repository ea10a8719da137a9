// A result of a small network made by hand, with one candidate: what the exporters are tested on.

import { prepare } from '../../../src/core/ir/prepare.ts';
import { summarizeGroups, summarizeLayers, summarizeSlots } from '../../../src/core/ir/summarize.ts';
import { RESULT_VERSION, type Candidate, type PlanFormats, type Result } from '../../../src/core/result.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { graphBuilder } from '../../support/graphBuilder.ts';

const METRICS = { sqnr: 30.5, kl: 0.01, mse: 0.2, agreement: 1, accuracy: 0.9, accuracyError: 0.01 };

export const FORMATS: PlanFormats = {
  'image/input': 'ufixed<8,0>',
  'conv/weight': 'fixed<4,-2:1>',
  'conv/bias': 'fixed<16,2>',
  're, "lu"/activation': 'ufixed<6,3>',
  'fc/weight': 'fixed<5,0>',
  'fc/bias': 'fixed<16,1>',
};

/** conv → ReLU with an awkward name → flatten → Dense with its activation inside → softmax. */
export function smallResult(
  changes: Partial<Result> = {},
  plan = FORMATS,
): Result & { candidate: Candidate } {
  const build = graphBuilder();
  const conv = build.conv('conv', build.input('image', [4, 4, 1]), 2);
  const relu = build.relu('re, "lu"', conv);
  const flat = build.op('flatten', { kind: 'reshape' }, [relu], [32]);
  const logits = build.dense('fc', flat, 3);
  const graph = build.graph([build.op('softmax', { kind: 'softmax', log: false }, [logits], [3])]);
  const prepared = prepare(graph);
  const candidate: Candidate = {
    label: 'dp 1/2',
    origin: 'dp',
    plan,
    flips: [],
    metrics: METRICS,
    drop: 0.005,
    dropBound: 0.009,
    predictedDrop: null,
    costs: { bops: 1234, lut: 10 },
    layers: [
      { layer: 'conv', costs: { bops: 1000, lut: 10 }, basis: [0] },
      { layer: 'fc', costs: { bops: 234 }, basis: [0] },
    ],
  };
  const data = { description: 'd', hash: 'h', samples: 2, labelled: true, synthetic: false, notes: [] };
  return {
    version: RESULT_VERSION,
    status: 'complete',
    key: 'key',
    producer: { version: '1.2.3', backend: 'test' },
    model: {
      file: 'small.keras',
      hash: 'hash',
      name: 'small',
      framework: 'test',
      layers: summarizeLayers(prepared),
      slots: summarizeSlots(prepared),
      groups: summarizeGroups(prepared.groups, []),
      folded: prepared.folded,
    },
    calibration: data,
    evaluation: data,
    settings: DEFAULT_SETTINGS,
    float: { accuracy: 0.9, calibrationAccuracy: 0.9, accuracyBasis: 'labels', dropPerNat: 0 },
    ranking: 'kl',
    sensitivity: {
      groups: [],
      slots: [
        { slot: 'conv/weight', bits: 4, format: 'fixed<4,0>', ...METRICS, kl: 7 },
        { slot: 'conv/weight', bits: 4, format: 'fixed<4,-2:1>', ...METRICS },
      ],
    },
    costTable: [],
    costBasis: {},
    bases: [{ kind: 'formula', source: 'test' }],
    candidates: [candidate],
    front: [0],
    chosen: 0,
    notes: [],
    ...changes,
    candidate,
  };
}

/** The same result where the Dense layer has its activation as a setting. */
export function withActivation(result: Result, layer: string, activation: string): Result {
  const layers = result.model.layers.map((own) =>
    own.id === layer ? { ...own, settings: { ...own.settings, activation } } : own,
  );
  return { ...result, model: { ...result.model, layers } };
}
