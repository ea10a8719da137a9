// Taking results away, saving them in the workspace, switching between models, forgetting them.

import * as vscode from 'vscode';
import { EXPORTERS } from '../../core/export/registry.ts';
import { COMMANDS } from '../contributions.ts';
import { showError } from '../messages.ts';
import { resultText, WORKSPACE_FOLDER } from '../results/resultFiles.ts';
import { activeCandidate, type StoredResult } from '../results/storedResult.ts';
import type { Services } from '../services.ts';

export function registerResults(services: Services): vscode.Disposable {
  const { results, log } = services;
  const command = (id: string, run: () => Promise<void>): vscode.Disposable =>
    vscode.commands.registerCommand(id, async () => {
      await results.ready();
      await run().catch((error: unknown) => showError(log, error));
    });
  return vscode.Disposable.from(
    command(COMMANDS.exportPlan, () => withCurrent(services, exportPlan)),
    command(COMMANDS.saveResult, () => withCurrent(services, saveResult)),
    command(COMMANDS.switchResult, () => switchResult(services)),
    command(COMMANDS.clearResults, () => results.clear()),
  );
}

async function withCurrent(
  { results }: Services,
  use: (stored: StoredResult) => Promise<void>,
): Promise<void> {
  if (results.current) {
    await use(results.current);
    return;
  }
  const run = vscode.l10n.t('Quantize Model…');
  const answer = await vscode.window.showInformationMessage(vscode.l10n.t('There are no results yet.'), run);
  if (answer === run) await vscode.commands.executeCommand(COMMANDS.quantizeModel);
}

async function exportPlan(stored: StoredResult): Promise<void> {
  const candidate = activeCandidate(stored);
  if (!candidate) return;
  const items = EXPORTERS.map((exporter) => ({
    label: vscode.l10n.t(exporter.title),
    description: exporter.fileName,
    exporter,
  }));
  const title = vscode.l10n.t('Export the plan “{0}” of {1}', candidate.label, stored.result.model.file);
  const choice = await vscode.window.showQuickPick(items, { title });
  if (!choice) return;
  const { exporter } = choice;
  const text = exporter.export(stored.result, candidate);
  const folder = folderOf(stored);
  const target = await vscode.window.showSaveDialog({
    title,
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, exporter.fileName) } : {}),
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(target, { preview: true });
}

/** `.bitlens/<model>/result.json` beside the model: shared by committing it, and read again on opening. */
async function saveResult(stored: StoredResult): Promise<void> {
  const folder = folderOf(stored);
  if (!folder) return;
  const { result } = stored;
  const file = vscode.Uri.joinPath(folder, WORKSPACE_FOLDER, result.model.file, 'result.json');
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(resultText(result)));
  const name = vscode.workspace.asRelativePath(file);
  void vscode.window.showInformationMessage(vscode.l10n.t('Saved {0}.', name));
}

function folderOf({ model }: StoredResult): vscode.Uri | undefined {
  return model ? vscode.Uri.joinPath(model, '..') : vscode.workspace.workspaceFolders?.[0]?.uri;
}

async function switchResult({ results }: Services): Promise<void> {
  const items = results.all.map(({ id, model, result }) => ({
    id,
    label: result.model.file,
    description: model ? vscode.workspace.asRelativePath(vscode.Uri.joinPath(model, '..')) : '',
  }));
  const title = vscode.l10n.t('Show the result of');
  const choice = await vscode.window.showQuickPick(items, { title });
  if (choice) results.show(choice.id);
}
