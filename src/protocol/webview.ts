// Every message between the extension host and a webview. Snapshots are whole: a view redraws from the last one.
// What comes from a webview is checked by `parseFromWebview`; it names indices and ids, never commands or paths.

export type ViewName = 'heatmap' | 'pareto' | 'resources';

/** A number column the user can choose: a metric or a cost. */
export interface Measure {
  readonly id: string;
  readonly title: string;
  /** Empty for plain counts. With `%` the values are fractions: 0.01 reads "1 %". */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
}

export interface HeatmapCell {
  readonly bits: number;
  /** `fixed<4,0>`. */
  readonly format: string;
  /** By measure id; null where the metric does not exist. */
  readonly values: Readonly<Record<string, number | null>>;
}

export interface HeatmapRow {
  /** Layer id. */
  readonly layer: string;
  readonly name: string;
  readonly className: string;
  /** `w` or `a` slot of the layer. */
  readonly part: 'weight' | 'activation' | 'input';
  readonly slot: string;
  readonly cells: readonly HeatmapCell[];
  /** Width in the active plan; null: float. */
  readonly activeBits: number | null;
  /** Clicking can go to the source. */
  readonly linked: boolean;
}

export interface HeatmapSnapshot {
  readonly view: 'heatmap';
  readonly title: string;
  readonly subtitle: string;
  readonly notes: readonly string[];
  readonly measures: readonly Measure[];
  /** Measure shown first. */
  readonly measure: string;
  /** Columns, widest first. */
  readonly bits: readonly number[];
  readonly rows: readonly HeatmapRow[];
  readonly strings: Readonly<Record<string, string>>;
}

export interface ParetoPoint {
  /** Index in Result.candidates. */
  readonly index: number;
  readonly label: string;
  readonly kind: 'uniform' | 'front' | 'dominated';
  /** By measure id. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly active: boolean;
  readonly chosen: boolean;
  /** `conv2: W8A8 → W4A8, …` */
  readonly detail: string;
}

export interface ParetoSnapshot {
  readonly view: 'pareto';
  readonly title: string;
  readonly subtitle: string;
  readonly notes: readonly string[];
  /** Vertical axis choices (what must not be lost). */
  readonly metrics: readonly Measure[];
  /** Horizontal axis choices (what is to be saved), with their basis. */
  readonly costs: readonly (Measure & { readonly basis: string })[];
  readonly metric: string;
  readonly cost: string;
  /** Float value of each metric, drawn as a line. */
  readonly float: Readonly<Record<string, number | null>>;
  /** Budget lines, by cost id. */
  readonly budget: Readonly<Record<string, number>>;
  /** Lowest accepted value of the metric in question, drawn as a line; by metric id. */
  readonly limit: Readonly<Record<string, number>>;
  readonly points: readonly ParetoPoint[];
  readonly strings: Readonly<Record<string, string>>;
}

export interface ResourceColumn {
  readonly id: string;
  readonly title: string;
  /** What the part has; null for latency and II. */
  readonly available: number | null;
}

export interface ResourceRow {
  readonly layer: string;
  readonly name: string;
  readonly className: string;
  readonly formats: string;
  readonly values: Readonly<Record<string, number | null>>;
  readonly basis: string;
  readonly linked: boolean;
}

export interface ResourcesSnapshot {
  readonly view: 'resources';
  readonly title: string;
  readonly subtitle: string;
  readonly notes: readonly string[];
  readonly part: string;
  readonly columns: readonly ResourceColumn[];
  readonly rows: readonly ResourceRow[];
  readonly total: Readonly<Record<string, number | null>>;
  readonly strings: Readonly<Record<string, string>>;
}

export type ViewSnapshot = HeatmapSnapshot | ParetoSnapshot | ResourcesSnapshot;

export type ToWebview =
  | { readonly type: 'snapshot'; readonly snapshot: ViewSnapshot }
  /** Nothing to show: the sentence says what to do. */
  | { readonly type: 'empty'; readonly message: string };

export type FromWebview =
  | { readonly type: 'ready' }
  | { readonly type: 'selectCandidate'; readonly index: number }
  | { readonly type: 'revealLayer'; readonly layer: string };

/** The message when it is one of the union and well-formed; undefined otherwise. */
export function parseFromWebview(message: unknown): FromWebview | undefined {
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined;
  switch (message.type) {
    case 'ready':
      return { type: 'ready' };
    case 'selectCandidate':
      return 'index' in message && Number.isSafeInteger(message.index) && (message.index as number) >= 0
        ? { type: 'selectCandidate', index: message.index as number }
        : undefined;
    case 'revealLayer':
      return 'layer' in message && typeof message.layer === 'string'
        ? { type: 'revealLayer', layer: message.layer }
        : undefined;
    default:
      return undefined;
  }
}
