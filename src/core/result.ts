// The versioned JSON that everything displays and exports. It holds no time stamp and no absolute path:
// same model, data, settings and seed give the same bytes.

import type { Basis, CostName, Costs } from './cost/costs.ts';
import type { Setting } from './ir/graph.ts';
import type { SlotKind } from './ir/slots.ts';
import type { RangeChoice } from './quantizers/range.ts';

export const RESULT_VERSION = 1;

/** Distances between the float and the quantized network, and accuracy where it is known. */
export interface Metrics {
  /** Pooled signal-to-quantization-noise ratio of the outputs (logits when the head is a softmax), in dB. */
  readonly sqnr: number;
  /** Mean Kullback-Leibler divergence of the class probabilities, float from quantized, in nats; null without a probability head. */
  readonly kl: number | null;
  /** Mean squared difference of the outputs. */
  readonly mse: number;
  /** Share of samples on which the float and the quantized network choose the same class; null for regression. */
  readonly agreement: number | null;
  /**
   * Accuracy, 0 … 1. With labels it is measured. Without, it is estimated: the mean probability that the *float* network
   * gives to the class the quantized one chooses. null for regression.
   */
  readonly accuracy: number | null;
  /** Standard error of the accuracy lost against float, from the differences sample by sample; null for regression. */
  readonly accuracyError: number | null;
}

/** One quantizer group at one candidate, all else float (AMP phase 1, arXiv 2302.05397). */
export interface SensitivityRow extends Metrics {
  readonly group: string;
  /** Candidate: `W4A8`; `A8` for a group without weights. */
  readonly format: string;
}

/** One slot at one width, all else float: what heat map and hover show. */
export interface SlotRow extends Metrics {
  readonly slot: string;
  readonly bits: number;
  /** Concrete format at that width: `fixed<4,0>`. */
  readonly format: string;
}

export interface SlotSummary {
  readonly id: string;
  readonly kind: SlotKind;
  /** Layer id. */
  readonly layer: string;
  readonly elements: number;
  /** The quantizer that the model file has here, in its own spelling; absent when it has none. */
  readonly trained?: string | undefined;
}

export interface LayerSummary {
  readonly id: string;
  readonly name: string;
  readonly className: string;
  readonly settings: Readonly<Record<string, Setting>>;
  /** null: open dimension. */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
  readonly macs: number;
  /** Ids of the layers it reads. */
  readonly inputs: readonly string[];
  /** Slots of its own parameters; several for separable convolutions. */
  readonly weights: readonly string[];
  readonly biases: readonly string[];
  /** Slots its input tensors carry. */
  readonly reads: readonly string[];
  /** Slot that quantizes its output, or the output of the chain it is fused into. null: never quantized. */
  readonly writes: string | null;
}

/** Slots that hardware forces to move together: an activation and the weights that multiply it. */
export interface GroupSummary {
  readonly id: string;
  readonly weights: readonly string[];
  readonly activations: readonly string[];
  readonly candidates: readonly string[];
}

/** Formats by slot id; a slot that is not named stays float32. */
export type PlanFormats = Readonly<Record<string, string>>;

export interface Candidate {
  /** `W8A8`, `amp 7`, `dp 3`. */
  readonly label: string;
  /** trained: the formats that the model file itself has. */
  readonly origin: 'uniform' | 'trained' | 'amp' | 'dp' | 'repair';
  readonly plan: PlanFormats;
  /** What changed against the candidate it grew from. */
  readonly flips: readonly { readonly group: string; readonly from: string; readonly to: string }[];
  readonly metrics: Metrics;
  /** Accuracy lost against float (0.01 is one point); noise-to-signal power ratio for regression. */
  readonly drop: number;
  /** What is compared with the accepted drop, as a sample may flatter a plan (sensitivity/acceptance.ts). */
  readonly dropBound: number;
  /** Drop the additive model predicted, when the candidate came from it. */
  readonly predictedDrop: number | null;
  readonly costs: Costs;
  readonly layers: readonly CandidateLayer[];
}

/** Costs of one layer under a candidate. */
export interface CandidateLayer {
  readonly layer: string;
  readonly costs: Costs;
  /** Indices in {@link Result.bases}. */
  readonly basis: readonly number[];
}

export interface LayerCosts {
  readonly layer: string;
  readonly costs: Costs;
  readonly basis: readonly Basis[];
}

/** What the kernel of one weight slot costs at one pair of weight and input widths: the table hover and search read. */
export interface CostRow {
  readonly slot: string;
  readonly weightBits: number;
  readonly inputBits: number;
  readonly costs: Costs;
}

export interface DataDescription {
  readonly description: string;
  readonly hash: string;
  readonly samples: number;
  readonly labelled: boolean;
  readonly synthetic: boolean;
  readonly notes: readonly string[];
}

export interface Result {
  readonly version: typeof RESULT_VERSION;
  /** cancelled: the user stopped it; interrupted: the engine died. What was found until then is here. */
  readonly status: 'complete' | 'cancelled' | 'interrupted';
  /** SHA-256 over model, data and settings. */
  readonly key: string;
  readonly producer: { readonly version: string; readonly backend: string };
  readonly model: {
    readonly file: string;
    readonly hash: string;
    readonly name: string;
    readonly framework: string;
    readonly layers: readonly LayerSummary[];
    readonly slots: readonly SlotSummary[];
    readonly groups: readonly GroupSummary[];
    /** Layer ids of BatchNorms folded into the layer before. */
    readonly folded: readonly string[];
  };
  readonly calibration: DataDescription;
  readonly evaluation: DataDescription;
  readonly settings: QuantizeSettings;
  /** The float network on the evaluation data. */
  readonly float: {
    readonly accuracy: number | null;
    /** Of the same network on the calibration data, which the sensitivity rows are compared with; null for regression. */
    readonly calibrationAccuracy: number | null;
    readonly accuracyBasis: 'labels' | 'estimate' | 'none';
    /** Accuracy lost per nat of KL divergence (sensitivity/acceptance.ts); 0 where it is not used. */
    readonly dropPerNat: number;
  };
  /** Metric the sensitivity list is sorted by. */
  readonly ranking: RankingMetric;
  readonly sensitivity: { readonly groups: readonly SensitivityRow[]; readonly slots: readonly SlotRow[] };
  readonly costTable: readonly CostRow[];
  readonly costBasis: Readonly<Partial<Record<CostName, Basis>>>;
  /** Every basis of a layer's costs, once. */
  readonly bases: readonly Basis[];
  readonly candidates: readonly Candidate[];
  /** Indices of the non-dominated candidates (drop against the objective), cheapest first. */
  readonly front: readonly number[];
  /** Index of the candidate the settings ask for; null when none respects them. */
  readonly chosen: number | null;
  /** Things the user should know: a bracket that was not monotone, a budget that was missed. */
  readonly notes: readonly string[];
}

export type RankingMetric = 'kl' | 'sqnr' | 'mse' | 'accuracy';

export interface QuantizeSettings {
  readonly strategy: 'amp' | 'amp+dp';
  readonly walk: 'brute' | 'binary' | 'interpolation';
  readonly metric: RankingMetric | 'auto';
  readonly family: 'fixed' | 'int' | 'int-asymmetric';
  readonly perChannel: boolean;
  readonly range: RangeChoice;
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  readonly objective: CostName;
  /** Largest accepted drop; null: only the budget limits. */
  readonly maxDrop: number | null;
  readonly budget: Costs;
  readonly part: string;
  readonly reuse: number;
  readonly clockNs: number;
  readonly seed: number;
}
