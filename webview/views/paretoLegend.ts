// The key to the marks of the Pareto chart.

import { element } from '../element.ts';
import { pointIcon, ringIcon, starIcon } from '../icons.ts';
import type { Say } from '../strings.ts';
import type { ParetoPoint } from '../../src/protocol/webview.ts';

/** Only the marks that occur. */
export function paretoLegend(points: readonly ParetoPoint[], say: Say): HTMLElement {
  const key = (icon: SVGSVGElement, words: string): HTMLElement =>
    element('span', { class: 'key' }, icon, words);
  const keys = (['front', 'uniform', 'dominated'] as const)
    .filter((kind) => points.some((point) => point.kind === kind))
    .map((kind) => key(pointIcon(kind), say(`pareto.${kind}`)));
  if (points.some((point) => point.chosen)) keys.push(key(starIcon(), say('pareto.chosen')));
  if (points.some((point) => point.active)) keys.push(key(ringIcon(), say('pareto.active')));
  return element('div', { class: 'legend', 'data-role': 'legend' }, ...keys);
}
