// Every text of the views in English. `snapshot.strings` may carry a translation under the same key; {0}, {1} … are
// filled by the view. Texts that describe the model (titles, measures, notes) come ready in the snapshot.

export const ENGLISH = {
  // All views.
  'notes.label': 'Notes',
  'value.none': 'not available',
  'layer.unlinked': 'no source line',
  /** {0} layer. */
  'layer.cannotReveal': '{0} has no source line.',
  'sort.hint': 'Sort by {0}',
  better: 'better',
  worse: 'worse',

  // Heat map.
  'heatmap.colorBy': 'Color by',
  'heatmap.table': 'Sensitivity of each layer at each width',
  'heatmap.layer': 'Layer',
  'heatmap.part': 'Tensor',
  'heatmap.weight': 'weights',
  'heatmap.activation': 'output',
  'heatmap.input': 'input',
  'heatmap.bits': '{0} bit',
  'heatmap.active': 'active',
  'heatmap.activeLegend': 'active plan',
  /** Row the active plan leaves in float. */
  'heatmap.float': 'float',
  'heatmap.logScale': 'log',
  'heatmap.detailHint':
    'Point at a cell, or move with the arrow keys, for its format and all measures. Enter goes to the source.',

  // Pareto front.
  'pareto.metric': 'Metric',
  'pareto.cost': 'Cost',
  'pareto.logCost': 'Log cost',
  'pareto.logMetric': 'Log metric',
  'pareto.zoom': 'Zoom to limit',
  'pareto.dominatedToggle': 'Dominated points',
  'pareto.front': 'front',
  'pareto.uniform': 'uniform',
  'pareto.dominated': 'dominated',
  'pareto.active': 'active',
  'pareto.chosen': 'recommended',
  'pareto.float': 'float {0}',
  'pareto.limit': 'limit {0}',
  'pareto.budget': 'budget {0}',
  'pareto.higher': 'higher is better',
  'pareto.lower': 'lower is better',
  /** {0} metric, {1} cost, {2} points, {3} points on the front. */
  'pareto.chart':
    '{0} against {1}: {2} points, {3} on the front. Arrow keys move along the front, Enter selects.',
  'pareto.table': 'Points of the chart',
  'pareto.point': 'Point',
  'pareto.kind': 'Kind',
  'pareto.detail': 'What changed',
  /** {0} title of a cost, {1} where its numbers come from. */
  'pareto.basis': '{0}: {1}.',
  /** {0} metric, {1} cost the front was computed for. */
  'pareto.otherAxes': 'The front was found for {0} against {1}; on these axes its points can be dominated.',
  'pareto.outside': '{0} points lie outside the zoomed view.',
  'pareto.outsideOne': '1 point lies outside the zoomed view.',
  'pareto.incomplete': '{0} points lack one of these values.',
  'pareto.incompleteOne': '1 point lacks one of these values.',
  'pareto.budgetOutside': 'The budget of {0} lies outside the axis.',
  /** {0} metric, {1} its lowest accepted value. */
  'pareto.limitOutside': 'The limit of {0}, {1}, lies outside the axis.',
  'pareto.nothing': 'No point has both of these values.',

  // Resources.
  'resources.table': 'Resources of each layer',
  'resources.part': 'Share of {0}',
  'resources.layer': 'Layer',
  'resources.formats': 'Formats',
  'resources.basis': 'Basis',
  'resources.total': 'Total',
  'resources.largest': 'largest',
  /** {0} used, {1} available. */
  'resources.used': '{0} of {1}',
  /** {0} percent over what the part has. */
  'resources.over': 'exceeds the part by {0}',
  /** Instead, for a resource the part does not have at all. */
  'resources.absent': 'the part has none',
} as const;

export type StringKey = keyof typeof ENGLISH;

/** Looks a text up and fills its placeholders. */
export type Say = (key: StringKey, ...values: readonly (string | number)[]) => string;

export function speaker(translations: Readonly<Record<string, string>>): Say {
  return (key, ...values) =>
    (translations[key] ?? ENGLISH[key]).replace(/\{(\d+)\}/g, (whole, index: string) =>
      String(values[Number(index)] ?? whole),
    );
}
