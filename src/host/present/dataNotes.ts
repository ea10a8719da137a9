// What a number was measured on, said beside it: how far the run came, which data, how accuracy is known.

import type { DataDescription, Result } from '../../core/result.ts';
import { calibrationAccuracy } from './losses.ts';
import type { Translate } from './translate.ts';

/** A run that did not come to its end; undefined for one that did. */
export function statusNote({ status, candidates }: Result, t: Translate): string | undefined {
  switch (status) {
    case 'complete':
      return undefined;
    case 'cancelled':
      return t('Partial results: the run was stopped after {0} plans.', candidates.length);
    case 'interrupted':
      return t(
        'Partial results: the engine ended after {0} plans before the run was complete.',
        candidates.length,
      );
  }
}

/** Notes on what single tensors lose: the calibration data. */
export function sensitivityNotes(result: Result, t: Translate): string[] {
  return distinct([
    statusNote(result, t),
    syntheticNote(result.calibration, t),
    t('Measured on {0}.', dataText(result.calibration, t)),
    ...result.calibration.notes,
    lossBasis(result, t),
  ]);
}

/** Notes on what plans lose: the evaluation data, and whatever the run has to say. */
export function planNotes(result: Result, t: Translate): string[] {
  const { calibration, evaluation } = result;
  return distinct([
    statusNote(result, t),
    syntheticNote(evaluation, t),
    calibration.hash === evaluation.hash ? undefined : t('Calibrated on {0}.', dataText(calibration, t)),
    calibration.hash === evaluation.hash ? undefined : syntheticNote(calibration, t),
    t('Measured on {0}.', dataText(evaluation, t)),
    ...evaluation.notes,
    planLossBasis(result, t),
    ...result.notes,
  ]);
}

/** `test.npz: x_test uint8 1000×28×28, y_test, 1000 samples`. */
export function dataText({ description, samples, synthetic }: DataDescription, t: Translate): string {
  // Synthetic data say their number themselves.
  return synthetic ? description : t('{0}, {1} samples', description, samples);
}

/** How the accuracy lost by single tensors is known. */
export function lossBasis(result: Result, t: Translate): string {
  if (result.float.accuracy === null) return noClasses(t);
  if (result.calibration.synthetic) return t('Losses of single tensors are given as SQNR.');
  if (calibrationAccuracy(result) === null) {
    return t('Accuracy on the calibration data is not known: losses of single tensors are given as SQNR.');
  }
  return result.calibration.labelled
    ? t('Accuracy lost is measured with the labels of the calibration data.')
    : t('The calibration data have no labels. {0}', estimated(t));
}

function planLossBasis({ float }: Result, t: Translate): string {
  switch (float.accuracyBasis) {
    case 'none':
      return noClasses(t);
    case 'labels':
      return t('Accuracy lost is measured with labels.');
    case 'estimate':
      return t('No labels. {0}', estimated(t));
  }
}

function estimated(t: Translate): string {
  return t(
    'Accuracy is estimated: the mean probability the float network gives to the class the quantized network chooses.',
  );
}

function noClasses(t: Translate): string {
  return t('The network has no class output: losses are given as SQNR.');
}

export function syntheticNote({ synthetic }: DataDescription, t: Translate): string | undefined {
  return synthetic
    ? t(
        'Synthetic calibration: random inputs order the layers, they say nothing of the accuracy on real data.',
      )
    : undefined;
}

function distinct(notes: readonly (string | undefined)[]): string[] {
  return [...new Set(notes.filter((note) => note !== undefined))];
}
