// The metrics that views offer, from the metrics of a row or a candidate: one list for the heat map and the Pareto front.

import type { Metrics, RankingMetric } from '../../core/result.ts';
import type { Measure } from '../../protocol/webview.ts';
import type { Translate } from './translate.ts';

export type MetricId = 'drop' | 'kl' | 'sqnr' | 'mse' | 'agreement';

/** @param drop accuracy lost against float; null where it is not known */
export function metricValues(metrics: Metrics, drop: number | null): Record<MetricId, number | null> {
  const { kl, sqnr, mse, agreement } = metrics;
  return { drop, kl, sqnr, mse, agreement };
}

/** The measures of which at least one value is known. */
export function metricMeasures(
  values: readonly Readonly<Record<MetricId, number | null>>[],
  t: Translate,
): Measure[] {
  return allMeasures(t).filter(({ id }) => values.some((row) => row[id] !== null));
}

/** The measure a sensitivity list is sorted by; the first offered when it is not known. */
export function rankingMeasure(ranking: RankingMetric, offered: readonly Measure[]): string {
  const wanted: MetricId = ranking === 'accuracy' ? 'drop' : ranking;
  return (offered.find(({ id }) => id === wanted) ?? offered[0])?.id ?? wanted;
}

function allMeasures(t: Translate): readonly (Measure & { readonly id: MetricId })[] {
  return [
    { id: 'drop', title: t('Accuracy lost'), unit: '%', better: 'lower' },
    { id: 'kl', title: t('KL divergence'), unit: t('nats'), better: 'lower' },
    { id: 'sqnr', title: t('SQNR'), unit: 'dB', better: 'higher' },
    { id: 'mse', title: t('Output MSE'), unit: '', better: 'lower' },
    { id: 'agreement', title: t('Same class as float'), unit: '%', better: 'higher' },
  ];
}
