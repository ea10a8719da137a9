// Commands that open the panels, and the small menu behind a lens and the status bar.

import * as vscode from 'vscode';
import type { ViewName } from '../../protocol/webview.ts';
import { COMMANDS } from '../contributions.ts';
import type { Services } from '../services.ts';
import { isEnabled, setCodeLens } from '../settings.ts';

export function registerViews(services: Services): vscode.Disposable {
  const { panels, results, log } = services;
  const open = (view: ViewName) => () => panels.open(view);
  return vscode.Disposable.from(
    vscode.commands.registerCommand(COMMANDS.showHeatmap, open('heatmap')),
    vscode.commands.registerCommand(COMMANDS.showPareto, open('pareto')),
    vscode.commands.registerCommand(COMMANDS.showResources, open('resources')),
    vscode.commands.registerCommand(COMMANDS.toggleCodeLens, () => setCodeLens(!isEnabled('codeLens'))),
    vscode.commands.registerCommand(COMMANDS.showLog, () => log.show()),
    vscode.commands.registerCommand(COMMANDS.layerActions, async (id?: unknown) => {
      // A lens names the result it belongs to; others may be current.
      if (typeof id === 'string') results.show(id);
      await chooseAction();
    }),
  );
}

interface Action extends vscode.QuickPickItem {
  readonly command: string;
}

async function chooseAction(): Promise<void> {
  const actions: Action[] = [
    { label: `$(graph-scatter) ${vscode.l10n.t('Pareto front')}`, command: COMMANDS.showPareto },
    { label: `$(table) ${vscode.l10n.t('Precision heatmap')}`, command: COMMANDS.showHeatmap },
    { label: `$(circuit-board) ${vscode.l10n.t('FPGA resources')}`, command: COMMANDS.showResources },
    { label: `$(export) ${vscode.l10n.t('Export plan…')}`, command: COMMANDS.exportPlan },
    { label: `$(refresh) ${vscode.l10n.t('Quantize again…')}`, command: COMMANDS.quantizeModel },
    {
      label: isEnabled('codeLens')
        ? `$(eye-closed) ${vscode.l10n.t('Hide code lenses')}`
        : `$(eye) ${vscode.l10n.t('Show code lenses')}`,
      command: COMMANDS.toggleCodeLens,
    },
  ];
  const chosen = await vscode.window.showQuickPick(actions, { title: 'BitLens' });
  if (chosen) await vscode.commands.executeCommand(chosen.command);
}
