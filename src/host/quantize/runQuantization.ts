// One run: progress with cancel, and a result that is kept whether the run ends, is cancelled or its process dies.

import * as vscode from 'vscode';
import { BitLensError } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';
import type { RunParams, RunProgress } from '../../protocol/engine.ts';
import type { Services } from '../services.ts';
import { progressMessage } from './progressMessage.ts';

export interface RunRequest {
  readonly model: vscode.Uri;
  readonly params: RunParams;
}

export type Outcome =
  | { readonly kind: 'result'; readonly result: Result }
  /** Cancelled before anything was measured. */
  | { readonly kind: 'nothing' }
  /** `again` goes on from what was kept. */
  | { readonly kind: 'died'; readonly error: BitLensError; readonly again: RunRequest }
  | { readonly kind: 'failed'; readonly error: BitLensError };

export async function runQuantization(services: Services, request: RunRequest): Promise<Outcome> {
  const { results, log } = services;
  const { model, params } = request;
  const kept: { partial?: Result } = {};
  try {
    const result = await withProgress(services, params, ({ partial }) => {
      if (partial) kept.partial = partial;
    });
    log.info(`${result.model.file}: ${result.status}, ${result.candidates.length} candidates`);
    await results.add(model, result);
    return { kind: 'result', result };
  } catch (thrown) {
    const error = BitLensError.from(thrown);
    if (error.kind === 'cancelled') return { kind: 'nothing' };
    if (kept.partial && kept.partial.candidates.length > 0) await results.add(model, kept.partial);
    if (error.kind !== 'engine-died') return { kind: 'failed', error };
    return {
      kind: 'died',
      error,
      again: { model, params: { ...params, resume: kept.partial ?? params.resume } },
    };
  }
}

function withProgress(
  { engine }: Services,
  params: RunParams,
  watch: (snapshot: RunProgress) => void,
): Thenable<Result> {
  const file = vscode.workspace.asRelativePath(params.model.path);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Quantizing {0}', file),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    let shown = 0;
    return await engine.call('quantize', params, {
      signal: controller.signal,
      onProgress(snapshot) {
        watch(snapshot);
        const { message, done } = progressMessage(snapshot, vscode.l10n.t);
        progress.report({ message, increment: Math.max(done - shown, 0) });
        shown = Math.max(done, shown);
      },
    });
  });
}
