// Every message between the engine (child process) and those who ask it (extension host, command line).
// Paths cross the border, never bytes; progress is always a whole snapshot.

import type { Costs, Basis, CostName } from '../core/cost/costs.ts';
import type { PerChannel } from '../core/data/perChannel.ts';
import type { TensorListing } from '../core/importers/importer.ts';
import type { RangeMethod } from '../core/quantizers/range.ts';
import type {
  GroupSummary,
  LayerCosts,
  LayerSummary,
  Metrics,
  PlanFormats,
  QuantizeSettings,
  Result,
  SensitivityRow,
  SlotRow,
  SlotSummary,
} from '../core/result.ts';

export interface ModelRef {
  /** Absolute path. */
  readonly path: string;
  /** Weights stored apart from the architecture. */
  readonly weights?: string | undefined;
  /** Without the quantizers that the file itself has; otherwise they are applied, as the network was trained. */
  readonly float?: boolean | undefined;
  /** Fills dimensions that the model leaves open: one shape (batch left out) per input. Otherwise the data say it. */
  readonly inputShapes?: readonly (readonly number[])[] | undefined;
}

export interface DataRef {
  /** File or folder; absent: a synthetic set. */
  readonly path?: string | undefined;
  readonly labels?: string | undefined;
  /** Column of a CSV file that holds the class, by name or by number from 1: of `labels` when given, else of the samples. */
  readonly labelColumn?: string | undefined;
  readonly fit?: 'crop' | 'squash' | undefined;
  /** Applied as x · scale + offset; lists hold one number per channel. */
  readonly scale?: PerChannel | undefined;
  readonly offset?: PerChannel | undefined;
  /** At most this many samples, from the first on. */
  readonly limit?: number | undefined;
  /** Seed of the synthetic set. */
  readonly seed?: number | undefined;
}

export interface InspectResult {
  readonly name: string;
  readonly framework: string;
  readonly layers: readonly LayerSummary[];
  readonly slots: readonly SlotSummary[];
  readonly inputs: readonly { readonly name: string; readonly shape: readonly (number | null)[] }[];
  readonly totals: { readonly parameters: number; readonly macs: number };
}

export interface DataSummary {
  readonly description: string;
  readonly count: number;
  readonly sampleShape: readonly number[];
  readonly labelled: boolean;
}

export interface EvaluateParams {
  readonly model: ModelRef;
  readonly data: DataRef;
  /** Sets activation ranges when the plan leaves them open; the evaluation data when absent. */
  readonly calibration?: DataRef | undefined;
  readonly plan?: PlanChoice | undefined;
}

/** A plan file's formats, or the same widths everywhere (`W8A8`). */
export type PlanChoice =
  | {
      readonly kind: 'formats';
      readonly formats: PlanFormats;
      /** Sets what the formats of parameters leave open; MSE when absent. */
      readonly range?: RangeMethod | undefined;
    }
  | { readonly kind: 'uniform'; readonly uniform: string; readonly family: QuantizeSettings['family'] };

export interface EvaluateResult {
  /** Share of labels hit, 0 … 1; null without labels. */
  readonly accuracy: number | null;
  /** Mean one-versus-rest area under the ROC curve; null without labels. */
  readonly auc: number | null;
  /** Mean cross-entropy in nats; null without labels. */
  readonly loss: number | null;
  /** dB against the float network; null when no plan was given. */
  readonly sqnr: number | null;
  /** Mean KL divergence from the float network in nats; null when no plan was given, or without a probability head. */
  readonly kl: number | null;
  /** Same class as the float network; null when no plan was given. */
  readonly agreement: number | null;
  readonly samples: number;
  readonly data: string;
  readonly notes: readonly string[];
  readonly backend: string;
}

export interface RunProgress {
  readonly stage: 'open' | 'calibrate' | 'sensitivity' | 'search' | 'evaluate';
  /** Step k of n of this stage. */
  readonly step: number;
  readonly of: number;
  /** What is being measured: a layer, group or candidate. */
  readonly subject: string;
  readonly elapsedMs: number;
  /** Estimated time left of the whole run, null while unknown. */
  readonly remainingMs: number | null;
  /** Best candidate so far that respects the settings. */
  readonly best: { readonly label: string; readonly drop: number; readonly cost: number } | null;
  /** What has been found, at intervals: kept when the run ends early. */
  readonly partial: Result | null;
}

export interface RunParams {
  readonly model: ModelRef;
  readonly calibration: DataRef;
  /** Where candidates are measured; the calibration data when absent. */
  readonly evaluation?: DataRef | undefined;
  readonly settings: QuantizeSettings;
  /** An earlier, unfinished result of the same model, data and settings: what it measured is not measured again. */
  readonly resume?: Result | undefined;
}

export interface SensitivityResult {
  readonly ranking: Result['ranking'];
  readonly groups: readonly GroupSummary[];
  readonly rows: readonly SensitivityRow[];
  readonly slots: readonly SlotRow[];
  readonly calibration: Result['calibration'];
  readonly status: Result['status'];
  readonly backend: string;
}

export interface EstimateParams {
  readonly model: ModelRef;
  readonly plan: PlanChoice;
  readonly part: string;
  readonly reuse: number;
  readonly clockNs: number;
  /** Sets activation ranges when the plan leaves them open; a small synthetic set when absent. */
  readonly calibration?: DataRef | undefined;
}

export interface EstimateResult {
  readonly layers: readonly (LayerCosts & { readonly className: string })[];
  readonly total: Costs;
  readonly basis: Readonly<Partial<Record<CostName, Basis>>>;
  /** Share of the part's resources, 1 is all of it. */
  readonly utilization: Costs;
  readonly part: string;
  readonly notes: readonly string[];
}

export interface EngineMethods {
  readonly inspect: {
    readonly params: { readonly model: ModelRef };
    readonly result: InspectResult;
    readonly progress: never;
  };
  /** Null for a file with a network, which `inspect` describes. */
  readonly listTensors: {
    readonly params: { readonly model: ModelRef };
    readonly result: TensorListing | null;
    readonly progress: never;
  };
  readonly describeData: {
    readonly params: { readonly data: DataRef };
    readonly result: DataSummary;
    readonly progress: never;
  };
  readonly evaluate: {
    readonly params: EvaluateParams;
    readonly result: EvaluateResult;
    readonly progress: RunProgress;
  };
  readonly sensitivity: {
    readonly params: RunParams;
    readonly result: SensitivityResult;
    readonly progress: RunProgress;
  };
  readonly quantize: { readonly params: RunParams; readonly result: Result; readonly progress: RunProgress };
  readonly estimate: {
    readonly params: EstimateParams;
    readonly result: EstimateResult;
    readonly progress: never;
  };
}

export type { Metrics };
