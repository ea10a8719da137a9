// Finding models and data in the workspace, and which of several files is meant.

import * as vscode from 'vscode';

/** Folders whose files come from elsewhere, and our own results. */
const EXCLUDED = '**/{node_modules,.venv,venv,site-packages,.bitlens}/**';

export function findInputFiles(pattern: string, limit: number): Thenable<vscode.Uri[]> {
  return vscode.workspace.findFiles(pattern, EXCLUDED, limit);
}

/** Those in the model's folder and below it first, each part by path. */
export function nearModelFirst(
  files: readonly vscode.Uri[],
  model: vscode.Uri | undefined,
): readonly vscode.Uri[] {
  const folder = model ? vscode.Uri.joinPath(model, '..').path : '';
  const near = (file: vscode.Uri): number => Number(!file.path.startsWith(folder));
  return [...files].sort((a, b) => near(a) - near(b) || a.path.localeCompare(b.path));
}
