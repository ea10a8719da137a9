// Distances between the outputs of the float and the quantized network, all from one pass (systems card §D: D1 SQNR,
// D2 output MSE, D3 KL), and accuracy. Outputs are logits where the head is a softmax or sigmoid.

import type { Head } from '../ir/heads.ts';
import type { Metrics, RankingMetric } from '../result.ts';

/** Values of one head for all samples, row-major: [samples · positions, size]. */
export interface HeadValues {
  readonly kind: Head['kind'];
  readonly size: number;
  readonly values: Float32Array;
}

/** SQNR of a perfect copy; larger values mean nothing in float32. */
export const SQNR_CEILING = 150;

/**
 * @param float outputs of the float network, one entry per head
 * @param quantized outputs of the quantized one, same layout
 * @param labels class of each sample for the first head
 */
export function compareOutputs(
  float: readonly HeadValues[],
  quantized: readonly HeadValues[],
  labels: Int32Array | undefined,
): Metrics {
  let signal = 0;
  let noise = 0;
  let count = 0;
  for (const [h, head] of float.entries()) {
    const other = quantized[h]!.values;
    for (let i = 0; i < head.values.length; i++) {
      const z = head.values[i]!;
      const error = z - other[i]!;
      signal += z * z;
      noise += error * error;
    }
    count += head.values.length;
  }
  return {
    sqnr: decibels(signal, noise),
    mse: noise / Math.max(count, 1),
    ...compareClasses(float, quantized, labels),
  };
}

/** 10·log10(signal / noise), capped at {@link SQNR_CEILING}. */
function decibels(signal: number, noise: number): number {
  if (noise <= signal * 10 ** (-SQNR_CEILING / 10)) return SQNR_CEILING;
  return 10 * Math.log10(Math.max(signal, Number.MIN_VALUE) / noise);
}

function compareClasses(
  float: readonly HeadValues[],
  quantized: readonly HeadValues[],
  labels: Int32Array | undefined,
): Pick<Metrics, 'kl' | 'agreement' | 'accuracy' | 'accuracyError'> {
  const head = float[0];
  const other = quantized[0];
  if (!head || !other || head.kind === 'linear') {
    return { kl: null, agreement: null, accuracy: null, accuracyError: null };
  }
  const p = probabilities(head);
  const q = probabilities(other);
  const before = chosenClasses(head);
  const after = chosenClasses(other);
  const score = (row: number, chosen: number): number =>
    labels ? Number(labels[row] === chosen) : probabilityOf(head, p, row, chosen);
  let agreement = 0;
  let hits = 0;
  let lost = 0;
  let lostSquared = 0;
  for (const [row, chosen] of after.entries()) {
    const hit = score(row, chosen);
    const difference = chosen === before[row] ? 0 : score(row, before[row]!) - hit;
    if (chosen === before[row]) agreement++;
    hits += hit;
    lost += difference;
    lostSquared += difference * difference;
  }
  const count = after.length;
  const variance = Math.max(lostSquared / count - (lost / count) ** 2, 0);
  return {
    kl: meanDivergence(p, q),
    agreement: agreement / count,
    accuracy: hits / count,
    accuracyError: Math.sqrt(variance / count),
  };
}

/** Class of each row [samples · positions]: the largest logit; for a single sigmoid 0 or 1. */
export function chosenClasses({ kind, size, values }: HeadValues): Int32Array {
  const chosen = new Int32Array(values.length / size);
  const binary = kind === 'sigmoid' && size === 1;
  for (let row = 0; row < chosen.length; row++) {
    chosen[row] = binary ? Number(values[row]! > 0) : largest(values, row * size, size);
  }
  return chosen;
}

/** What a head says of one class of one row. Sigmoids of several outputs keep a pair of probabilities for each. */
export function probabilityOf(head: HeadValues, p: Probabilities, row: number, chosen: number): number {
  if (head.kind === 'sigmoid' && head.size > 1) return p.values[(row * head.size + chosen) * 2 + 1]!;
  return p.values[row * p.width + chosen]!;
}

/** Accuracy of outputs alone: measured with labels, otherwise the mean probability of the chosen class; null for regression. */
export function accuracyOf(outputs: readonly HeadValues[], labels: Int32Array | undefined): number | null {
  return compareOutputs(outputs, outputs, labels).accuracy;
}

/** Class probabilities: [rows, width]. Each sigmoid counts as two classes: no, yes. */
export interface Probabilities {
  readonly values: Float64Array;
  readonly width: number;
}

/** Softmax or sigmoid of a head's logits. */
export function probabilities(head: HeadValues): Probabilities {
  return head.kind === 'sigmoid' ? sigmoidClasses(head) : softmaxClasses(head);
}

function softmaxClasses({ values, size }: HeadValues): Probabilities {
  const out = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += size) {
    let max = -Infinity;
    for (let c = 0; c < size; c++) max = Math.max(max, values[row + c]!);
    let sum = 0;
    for (let c = 0; c < size; c++) sum += out[row + c] = Math.exp(values[row + c]! - max);
    for (let c = 0; c < size; c++) out[row + c]! /= sum;
  }
  return { values: out, width: size };
}

function sigmoidClasses({ values }: HeadValues): Probabilities {
  const out = new Float64Array(values.length * 2);
  for (const [i, z] of values.entries()) {
    const p = 1 / (1 + Math.exp(-z));
    out[2 * i] = 1 - p;
    out[2 * i + 1] = p;
  }
  return { values: out, width: 2 };
}

/** Mean over rows of Σ p · ln(p / q); q is floored so that a class lost altogether stays finite. */
function meanDivergence(p: Probabilities, q: Probabilities): number {
  let sum = 0;
  for (let i = 0; i < p.values.length; i++) {
    const pi = p.values[i]!;
    if (pi > 0) sum += pi * Math.log(pi / Math.max(q.values[i]!, 1e-12));
  }
  return Math.max(sum / (p.values.length / p.width), 0);
}

/** Index of the largest of `width` values from `start`, counted from 0; the first one on ties. */
export function largest(values: ArrayLike<number>, start: number, width: number): number {
  let best = 0;
  for (let c = 1; c < width; c++) if (values[start + c]! > values[start + best]!) best = c;
  return best;
}

/** Share of signal power that is noise: the additive form of SQNR. */
export function noiseToSignal(sqnr: number): number {
  return 10 ** (-sqnr / 10);
}

/** How much of the network's purpose is lost: accuracy for classifiers, noise-to-signal power for regressions. */
export function dropOf(metrics: Metrics, floatAccuracy: number | null): number {
  if (floatAccuracy === null || metrics.accuracy === null) return noiseToSignal(metrics.sqnr);
  return floatAccuracy - metrics.accuracy;
}

/** Nothing worth having is left: twenty points of accuracy gone, or a quarter of the signal power is noise. */
export function isHopeless(metrics: Metrics, floatAccuracy: number | null): boolean {
  const limit = floatAccuracy === null || metrics.accuracy === null ? 0.25 : 0.2;
  return !(dropOf(metrics, floatAccuracy) <= limit);
}

/**
 * A loss that grows with damage and adds up over groups, by metric: what the sensitivity list is sorted by and what the
 * knapsack sums.
 */
export function additiveLoss(metrics: Metrics, metric: RankingMetric): number {
  switch (metric) {
    case 'kl':
      return metrics.kl ?? noiseToSignal(metrics.sqnr);
    case 'sqnr':
      return noiseToSignal(metrics.sqnr);
    case 'mse':
      return metrics.mse;
    case 'accuracy':
      return metrics.accuracy === null ? noiseToSignal(metrics.sqnr) : 1 - metrics.accuracy;
  }
}

/** KL for a probability head, else SQNR (systems card §0.1 point 3). */
export function defaultRanking(heads: readonly HeadValues[]): RankingMetric {
  return heads[0] && heads[0].kind !== 'linear' ? 'kl' : 'sqnr';
}
