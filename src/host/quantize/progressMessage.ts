// One line of progress: `conv2 · 7 of 23 · 2 s left · best −0.4 %`.

import type { RunProgress } from '../../protocol/engine.ts';
import { change } from '../present/numbers.ts';
import type { Translate } from '../present/translate.ts';

/** Share of a run that each stage begins at and takes, in percent, from what typical runs measure. */
const STAGES: Readonly<Record<RunProgress['stage'], readonly [begin: number, length: number]>> = {
  open: [0, 2],
  calibrate: [2, 18],
  evaluate: [20, 5],
  sensitivity: [25, 40],
  search: [65, 35],
};

export function progressMessage(
  { stage, step, of, subject, remainingMs, best }: RunProgress,
  t: Translate,
): { message: string; done: number } {
  const [begin, length] = STAGES[stage];
  const share = of > 0 ? Math.min(step / of, 1) : 0;
  const parts = [
    stageTitle(stage, t),
    ...(subject === '' ? [] : [subject]),
    ...(of > 1 ? [t('{0} of {1}', Math.min(step + 1, of), of)] : []),
    ...(remainingMs === null ? [] : [timeLeft(remainingMs, t)]),
    ...(best ? [t('best {0}', change(best.drop))] : []),
  ];
  return { message: parts.join(' · '), done: begin + length * share };
}

function stageTitle(stage: RunProgress['stage'], t: Translate): string {
  switch (stage) {
    case 'open':
      return t('Reading');
    case 'calibrate':
      return t('Setting ranges');
    case 'evaluate':
      return t('Measuring');
    case 'sensitivity':
      return t('Sensitivity');
    case 'search':
      return t('Searching');
  }
}

function timeLeft(ms: number, t: Translate): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 90 ? t('{0} s left', seconds) : t('{0} min left', Math.round(seconds / 60));
}
