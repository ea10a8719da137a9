// Progress of a run: whole snapshots, at most a few per second, and the partial result once in a while.

import type { Result } from '../../core/result.ts';
import type { RunProgress } from '../../protocol/engine.ts';

const REPORT_MS = 100;
const PARTIAL_MS = 2000;

export interface ProgressReporter {
  /** Enters a stage of `of` steps; `laterMs` is what the stages after it will probably take. */
  stage(stage: RunProgress['stage'], of: number, laterMs?: number): void;
  /** Step k of the stage begins. */
  step(step: number, subject: string, of?: number): void;
  best(best: RunProgress['best']): void;
}

export interface ReporterOptions {
  report(snapshot: RunProgress): void;
  /** What has been found so far; called at intervals. */
  partial(): Result | null;
  readonly now?: () => number;
}

export function createReporter({ report, partial, now = Date.now }: ReporterOptions): ProgressReporter {
  const begin = now();
  let state: Pick<RunProgress, 'stage' | 'step' | 'of' | 'subject'> = {
    stage: 'open',
    step: 0,
    of: 1,
    subject: '',
  };
  let best: RunProgress['best'] = null;
  let stageBegin = begin;
  let stageFirst = 0;
  let laterMs: number | null = null;
  let reported = -Infinity;
  let partialAt = begin;

  const remaining = (time: number): number | null => {
    const done = state.step - stageFirst;
    if (laterMs === null || done < 1) return null;
    return ((time - stageBegin) / done) * (state.of - state.step) + laterMs;
  };

  const send = (force: boolean): void => {
    const time = now();
    if (!force && time - reported < REPORT_MS) return;
    reported = time;
    const withPartial = time - partialAt >= PARTIAL_MS;
    if (withPartial) partialAt = time;
    report({
      ...state,
      elapsedMs: time - begin,
      remainingMs: remaining(time),
      best,
      partial: withPartial ? partial() : null,
    });
  };

  return {
    stage(stage, of, later) {
      state = { stage, step: 0, of, subject: '' };
      stageBegin = now();
      stageFirst = -1;
      laterMs = later ?? null;
      send(true);
    },
    step(step, subject, of = state.of) {
      if (stageFirst < 0) stageFirst = step; // a resumed run starts in the middle
      state = { ...state, step, subject, of };
      send(false);
    },
    best(next) {
      best = next;
    },
  };
}
