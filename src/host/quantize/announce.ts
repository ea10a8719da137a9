// The one message at the end of a run.

import * as vscode from 'vscode';
import type { Result } from '../../core/result.ts';
import { COMMANDS } from '../contributions.ts';
import { showError } from '../messages.ts';
import { summary } from '../present/summary.ts';
import type { Services } from '../services.ts';
import type { Outcome, RunRequest } from './runQuantization.ts';

/** Waits until the message is answered or put away; returns what the user wants to be run again. */
export async function announce(services: Services, outcome: Outcome): Promise<RunRequest | undefined> {
  switch (outcome.kind) {
    case 'nothing':
      return undefined;
    case 'result':
      await announceResult(outcome.result);
      return undefined;
    case 'failed':
      await showError(services.log, outcome.error);
      return undefined;
    case 'died': {
      const goOn = vscode.l10n.t('Go On');
      const answer = await showError(services.log, outcome.error, goOn);
      return answer === goOn ? outcome.again : undefined;
    }
  }
}

async function announceResult(result: Result): Promise<void> {
  const pareto = vscode.l10n.t('Open Pareto panel');
  const heatmap = vscode.l10n.t('Open heatmap');
  const good = result.status === 'complete' && result.chosen !== null;
  const show = good ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const answer = await show(summary(result, vscode.l10n.t), pareto, heatmap);
  if (answer === pareto) await vscode.commands.executeCommand(COMMANDS.showPareto);
  if (answer === heatmap) await vscode.commands.executeCommand(COMMANDS.showHeatmap);
}
