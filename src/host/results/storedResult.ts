// A result with what the host knows of it: where its model is, and which of its plans the user looks at.

import * as vscode from 'vscode';
import type { Candidate, Result } from '../../core/result.ts';

export interface StoredResult {
  /** Unique among the results; the model's path, or the result file's when the model is not there. */
  readonly id: string;
  /** undefined: the workspace has no such model any more. */
  readonly model: vscode.Uri | undefined;
  readonly result: Result;
  /** Index of the active plan in result.candidates; null: there is none. */
  readonly active: number | null;
  /** The model file is not the one that was analysed. */
  readonly outdated: boolean;
}

/** What views and hovers say of a result that is out of date. */
export function outdatedNote({ outdated }: StoredResult): string | undefined {
  return outdated
    ? vscode.l10n.t('The model file has changed since this analysis: run it again.')
    : undefined;
}

export function activeCandidate({ result, active }: StoredResult): Candidate | undefined {
  return active === null ? undefined : result.candidates[active];
}
