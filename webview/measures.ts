// Choosing among the snapshot's measures: the user's remembered choice while it is offered, else the snapshot's.

import type { Measure } from '../src/protocol/webview.ts';
import type { Choice } from './ui.ts';

export function chooseMeasure<M extends Measure>(
  offered: readonly M[],
  remembered: string | undefined,
  preferred: string,
): M | undefined {
  return (
    offered.find((measure) => measure.id === remembered) ??
    offered.find((measure) => measure.id === preferred) ??
    offered[0]
  );
}

/** `KL divergence (nats)`. */
export function measureTitle(measure: Measure): string {
  return measure.unit === '' ? measure.title : `${measure.title} (${measure.unit})`;
}

export function measureChoices(measures: readonly Measure[]): Choice[] {
  return measures.map((measure) => ({ value: measure.id, label: measureTitle(measure) }));
}
