// The key to the heat map: the ramp from better to worse with values, and the mark of the active plan.

import { element } from '../element.ts';
import { bare } from '../format.ts';
import { valueAt } from '../heatScale.ts';
import type { HeatmapModel } from './heatmapModel.ts';
import type { Say } from '../strings.ts';

const TICKS = [0, 0.5, 1];

export function heatmapLegend(model: HeatmapModel, say: Say): HTMLElement {
  const legend = element('div', { class: 'legend', 'data-role': 'legend' });
  const { measure, scale } = model;
  if (measure && scale) {
    const ticks = TICKS.map((share) => element('span', {}, bare(valueAt(scale, share), model.style)));
    legend.append(
      element(
        'div',
        { class: 'ramp', 'data-scale': scale.kind },
        element('span', { class: 'ramp-end' }, say('better')),
        element('span', { class: 'ramp-bar' }),
        element('span', { class: 'ramp-end' }, say('worse')),
        element('span', { class: 'ramp-unit' }, measure.unit),
        element('span', { class: 'ramp-ticks' }, ...ticks),
        element('span', { class: 'ramp-kind' }, scale.kind === 'log' ? say('heatmap.logScale') : ''),
      ),
    );
  }
  if (model.planned) {
    const swatch = element('span', { class: 'active-swatch', 'aria-hidden': 'true' });
    legend.append(element('span', { class: 'key' }, swatch, say('heatmap.activeLegend')));
  }
  return legend;
}
