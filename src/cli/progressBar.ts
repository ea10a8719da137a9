// Progress on stderr: a bar that redraws in a terminal, a line now and then elsewhere.

import type { RunProgress } from '../protocol/engine.ts';

const STAGES: Readonly<Record<RunProgress['stage'], string>> = {
  open: 'Opening',
  calibrate: 'Calibrating',
  evaluate: 'Evaluating',
  sensitivity: 'Sensitivity',
  search: 'Searching',
};
const WIDTH = 24;
const LINE_EVERY_MS = 2000;

export interface ProgressBar {
  update(snapshot: RunProgress): void;
  end(): void;
}

export function createProgressBar(stream: NodeJS.WriteStream): ProgressBar {
  let lineAt = -Infinity;
  let stage = '';
  return {
    update(snapshot) {
      const line = describe(snapshot);
      if (stream.isTTY) {
        stream.write(`\r${line.slice(0, (stream.columns || 100) - 1)}\u001b[K`);
      } else if (snapshot.stage !== stage || snapshot.elapsedMs - lineAt >= LINE_EVERY_MS) {
        stream.write(`${line}\n`);
        lineAt = snapshot.elapsedMs;
      }
      stage = snapshot.stage;
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}

function describe({ stage, step, of, subject, remainingMs, best }: RunProgress): string {
  const filled = Math.round((WIDTH * step) / Math.max(of, 1));
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const parts = [`${STAGES[stage].padEnd(11)} ${bar} ${step}/${of}`, subject];
  if (remainingMs !== null) parts.push(`${Math.ceil(remainingMs / 1000)} s left`);
  if (best) parts.push(`best −${(best.drop * 100).toFixed(2)} pt`);
  return parts.filter((part) => part !== '').join(' · ');
}
