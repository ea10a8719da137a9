// Scores of a classifier against labels: area under the ROC curve and cross-entropy.

import { probabilities, probabilityOf, type HeadValues } from './metrics.ts';

/**
 * Mean one-versus-rest area under the ROC curve over the classes that occur, by rank sums (Mann-Whitney); ties count
 * half. null when no class has both positives and negatives.
 */
export function meanAuc(head: HeadValues, labels: Int32Array): number | null {
  const p = probabilities(head);
  const classes = Math.max(head.size, p.width); // a single sigmoid is a choice between two
  const areas: number[] = [];
  for (let c = 0; c < classes; c++) {
    const scores = Float64Array.from(labels, (_, row) => probabilityOf(head, p, row, c));
    const area = rankSumArea(
      scores,
      labels.map((label) => Number(label === c)),
    );
    if (area !== null) areas.push(area);
  }
  return areas.length === 0 ? null : areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

function rankSumArea(scores: Float64Array, positive: Int32Array): number | null {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const positives = positive.reduce((sum, one) => sum + one, 0);
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return null;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let hits = 0;
    while (end < order.length && scores[order[end]!] === scores[order[start]!])
      hits += positive[order[end++]!]!;
    rankSum += hits * ((start + 1 + end) / 2); // tied scores share their mean rank
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean −ln p(label), with p floored at 1e-7 as Keras does. */
export function crossEntropy(head: HeadValues, labels: Int32Array): number {
  const p = probabilities(head);
  let sum = 0;
  for (const [row, label] of labels.entries())
    sum -= Math.log(Math.max(probabilityOf(head, p, row, label), 1e-7));
  return sum / labels.length;
}
