// Code lenses: one above each call that constructs a layer, once the workspace has results. Clicking one offers what can
// be done with the layer. The setting bitlens.codeLens.enabled hides them all.

import * as vscode from 'vscode';
import { COMMANDS } from '../contributions.ts';
import { lensText } from '../present/lensText.ts';
import type { Services } from '../services.ts';
import { affectsViews, isEnabled } from '../settings.ts';
import { SOURCE_SELECTOR } from '../source/documentScans.ts';

export function registerCodeLens({ results, links }: Services): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      if (!isEnabled('codeLens')) return [];
      await results.ready();
      const found = links.of(document);
      const { stored, sites } = found ?? { sites: [] };
      if (!stored || stored.active === null) return [];
      const { result, active } = stored;
      return sites.flatMap(({ layers, range }) => {
        const title = lensText(result, active, layers, vscode.l10n.t);
        if (title === null) return [];
        const command = { title, command: COMMANDS.layerActions, arguments: [stored.id] };
        return [new vscode.CodeLens(range, command)];
      });
    },
  };
  return vscode.Disposable.from(
    changed,
    results.onDidChange(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (affectsViews(event)) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(SOURCE_SELECTOR, provider),
  );
}
