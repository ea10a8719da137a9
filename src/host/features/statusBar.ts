// One status bar item, only while there is a result: mean width and loss of the active plan. Clicking it offers the views.

import * as vscode from 'vscode';
import { COMMANDS } from '../contributions.ts';
import { statusText } from '../present/summary.ts';
import type { Services } from '../services.ts';

export function registerStatusBar({ results }: Services): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('bitlens.plan', vscode.StatusBarAlignment.Left, 10);
  item.name = vscode.l10n.t('BitLens: Active Plan');
  item.command = COMMANDS.layerActions;
  const update = (): void => {
    const { current } = results;
    if (!current || current.active === null) {
      item.hide();
      return;
    }
    const { text, tooltip } = statusText(current.result, current.active, vscode.l10n.t);
    item.text = text;
    item.tooltip = tooltip;
    item.show();
  };
  update();
  return vscode.Disposable.from(item, results.onDidChange(update));
}
