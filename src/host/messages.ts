// How errors reach the user: the sentence in the user's language, the log one click away.

import * as vscode from 'vscode';
import { BitLensError, type Sentence } from '../core/errors.ts';

export function translate([template, ...args]: Sentence): string {
  return vscode.l10n.t(template, ...args);
}

/** What happened and what to do, translated. */
export function errorText(error: unknown): string {
  const { what, hint } = BitLensError.from(error);
  return hint ? `${translate(what)} ${translate(hint)}` : translate(what);
}

/** Logs the error and shows it; returns the button the user pressed, when it is one of `actions`. */
export async function showError(
  log: vscode.LogOutputChannel,
  error: unknown,
  ...actions: string[]
): Promise<string | undefined> {
  log.error(BitLensError.from(error));
  const showLog = vscode.l10n.t('Show Log');
  const answer = await vscode.window.showErrorMessage(errorText(error), ...actions, showLog);
  if (answer === showLog) log.show();
  return answer;
}
