// One run: progress with cancel, and a result that is kept whether the run ends, is cancelled or its process dies.

import * as vscode from 'vscode';
import { BitLensError } from '../../core/errors.ts';
import type { Result } from '../../core/result.ts';
import type { RunParams, RunProgress } from '../../protocol/engine.ts';
import { COMMANDS } from '../contributions.ts';
import { errorText, showError } from '../messages.ts';
import { summary } from '../present/summary.ts';
import type { Services } from '../services.ts';
import { progressMessage } from './progressMessage.ts';

export async function runQuantization(
  services: Services,
  model: vscode.Uri,
  params: RunParams,
): Promise<void> {
  const { results, log } = services;
  let partial: Result | null = null;
  const onProgress = (snapshot: RunProgress): void => {
    partial = snapshot.partial ?? partial;
  };
  let result: Result;
  try {
    result = await withProgress(services, params, onProgress);
  } catch (error) {
    if (BitLensError.is(error, 'cancelled')) return;
    // Assigned in a callback, which the compiler does not follow.
    const found = partial as Result | null;
    if (found && found.candidates.length > 0) await results.add(model, found);
    return await offerAgain(services, model, params, error, found);
  }
  await results.add(model, result);
  log.info(`${result.model.file}: ${result.status}, ${result.candidates.length} candidates`);
  await announce(result);
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

async function announce(result: Result): Promise<void> {
  const pareto = vscode.l10n.t('Open Pareto panel');
  const heatmap = vscode.l10n.t('Open heatmap');
  const show =
    result.status === 'complete' && result.chosen !== null
      ? vscode.window.showInformationMessage
      : vscode.window.showWarningMessage;
  const answer = await show(summary(result, vscode.l10n.t), pareto, heatmap);
  if (answer === pareto) await vscode.commands.executeCommand(COMMANDS.showPareto);
  if (answer === heatmap) await vscode.commands.executeCommand(COMMANDS.showHeatmap);
}

/** After a crash the run can go on from what was kept. */
async function offerAgain(
  services: Services,
  model: vscode.Uri,
  params: RunParams,
  error: unknown,
  partial: Result | null,
): Promise<void> {
  if (!BitLensError.is(error, 'engine-died')) {
    await showError(services.log, error);
    return;
  }
  services.log.error(errorText(error));
  const again = vscode.l10n.t('Go On');
  const answer = await showError(services.log, error, again);
  if (answer === again) {
    await runQuantization(services, model, { ...params, ...(partial ? { resume: partial } : {}) });
  }
}
