// Tool bar of the Pareto view: axes, log, zoom, dominated points. What the user sets is view state; what he does not
// set, paretoFrame.ts decides from the data.

import { checkbox } from '../checkbox.ts';
import { measureChoices } from '../measures.ts';
import { dropdown } from '../ui.ts';
import type { Services } from '../view.ts';
import type { ParetoChoices, ParetoFrame } from './paretoFrame.ts';
import type { ParetoSnapshot } from '../../src/protocol/webview.ts';

export interface ParetoControls {
  readonly elements: readonly HTMLElement[];
  choices(): ParetoChoices;
  update(snapshot: ParetoSnapshot, frame: ParetoFrame): void;
}

export function paretoControls({ page, state }: Services, changed: () => void): ParetoControls {
  /** Axes in view, to which log and zoom belong. */
  let axes = { metric: '', cost: '' };
  const set = (key: string, value: string | boolean): void => {
    state.set(key, value);
    changed();
  };
  const metric = dropdown('metric', (id) => set('metric', id));
  const cost = dropdown('cost', (id) => set('cost', id));
  const logCost = checkbox('log-cost', (on) => set(`log.${axes.cost}`, on));
  const logMetric = checkbox('log-metric', (on) => set(`log.${axes.metric}`, on));
  const zoom = checkbox('zoom', (on) => set(`zoom.${axes.metric}`, on));
  const dominated = checkbox('dominated', (on) => set('dominated', on));
  const showsDominated = (): boolean => state.flag('dominated') ?? true;
  return {
    elements: [metric, cost, logCost, logMetric, zoom, dominated].map((control) => control.element),
    choices: () => ({
      metric: state.string('metric'),
      cost: state.string('cost'),
      dominated: showsDominated(),
      logCost: (id) => state.flag(`log.${id}`),
      logMetric: (id) => state.flag(`log.${id}`),
      zoom: (id) => state.flag(`zoom.${id}`),
    }),
    update({ metrics, costs, points }, frame) {
      const { say } = page;
      axes = { metric: frame.axes.metric.id, cost: frame.axes.cost.id };
      const positive = (id: string): boolean => points.every((point) => (point.values[id] ?? 1) > 0);
      metric.update(say('pareto.metric'), measureChoices(metrics), axes.metric);
      cost.update(say('pareto.cost'), measureChoices(costs), axes.cost);
      logCost.update(say('pareto.logCost'), frame.logCost, positive(axes.cost));
      logMetric.update(say('pareto.logMetric'), frame.logMetric, !frame.zoomed && positive(axes.metric));
      zoom.update(say('pareto.zoom'), frame.zoomed, frame.canZoom);
      const some = points.some((point) => point.kind === 'dominated');
      dominated.update(say('pareto.dominatedToggle'), showsDominated(), some);
    },
  };
}
