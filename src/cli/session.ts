// One command's engine: started for it, shown on stderr while it works, cancelled by Ctrl-C, ended after it.

import path from 'node:path';
import { createEngine, type Engine } from '../protocol/engineClient.ts';
import type { RunProgress } from '../protocol/engine.ts';
import { createProgressBar } from './progressBar.ts';

export interface Session {
  readonly engine: Engine;
  /** Options for a call that reports progress and can be interrupted. */
  readonly watched: { readonly signal: AbortSignal; onProgress(snapshot: RunProgress): void };
}

export async function withEngine<T>(
  work: (session: Session) => Promise<T>,
  onSnapshot?: (snapshot: RunProgress) => void,
): Promise<T> {
  const engine = createEngine({ modulePath: path.join(__dirname, 'engine.js') });
  const bar = createProgressBar(process.stderr);
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  try {
    return await work({
      engine,
      watched: {
        signal: controller.signal,
        onProgress(snapshot) {
          bar.update(snapshot);
          onSnapshot?.(snapshot);
        },
      },
    });
  } finally {
    process.off('SIGINT', interrupt);
    bar.end();
    engine.dispose();
  }
}

/** Machine-readable output goes to stdout, alone. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
