// The webview panels: at most one of each view, always showing the current result. A view gets a whole snapshot when it
// says it is ready and whenever the result or the active plan changes.

import * as vscode from 'vscode';
import { parseFromWebview, type FromWebview, type ToWebview, type ViewName } from '../../protocol/webview.ts';
import { VIEW_TYPES } from '../contributions.ts';
import type { ResultStore } from '../results/resultStore.ts';
import type { SourceLinks } from '../source/sourceLinks.ts';
import { buildSnapshot } from './snapshots.ts';
import { webviewHtml, webviewRoots } from './webviewHtml.ts';

export interface ViewPanels {
  /** Shows the panel beside the editor; the one that is open already, if there is one. */
  open(view: ViewName): void;
  dispose(): void;
}

export interface ViewPanelsOptions {
  readonly context: vscode.ExtensionContext;
  readonly results: ResultStore;
  readonly links: SourceLinks;
  readonly log: vscode.LogOutputChannel;
}

export function createViewPanels({ context, results, links, log }: ViewPanelsOptions): ViewPanels {
  const panels = new Map<ViewName, vscode.WebviewPanel>();

  const refresh = async (view: ViewName): Promise<void> => {
    await results.ready();
    const stored = results.current;
    const located = stored ? await links.locate(stored) : new Map<string, vscode.Location>();
    const message: ToWebview = stored
      ? { type: 'snapshot', snapshot: buildSnapshot(view, stored, new Set(located.keys())) }
      : { type: 'empty', message: vscode.l10n.t('No results yet. Run “BitLens: Quantize Model…” first.') };
    await panels.get(view)?.webview.postMessage(message);
  };

  const handle = async (view: ViewName, message: FromWebview): Promise<void> => {
    switch (message.type) {
      case 'ready': {
        await refresh(view);
        return;
      }
      case 'selectCandidate': {
        await results.select(message.index);
        return;
      }
      case 'revealLayer': {
        await reveal(results, links, message.layer);
        return;
      }
    }
  };

  const adopt = (view: ViewName, panel: vscode.WebviewPanel): void => {
    panels.get(view)?.dispose();
    panels.set(view, panel);
    panel.onDidDispose(() => {
      if (panels.get(view) === panel) panels.delete(view);
    });
    panel.webview.options = { enableScripts: true, localResourceRoots: webviewRoots(context) };
    panel.webview.onDidReceiveMessage((raw: unknown) => {
      const message = parseFromWebview(raw);
      if (message) handle(view, message).catch((error: unknown) => log.error(String(error)));
    });
    panel.webview.html = webviewHtml(panel.webview, context, view, titleOf(view));
  };

  const subscriptions = [
    results.onDidChange(() => {
      for (const view of panels.keys()) refresh(view).catch((error: unknown) => log.error(String(error)));
    }),
    ...(Object.keys(VIEW_TYPES) as ViewName[]).map((view) =>
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPES[view], {
        deserializeWebviewPanel(panel) {
          adopt(view, panel);
          return Promise.resolve();
        },
      }),
    ),
  ];

  return {
    open(view) {
      const open = panels.get(view);
      if (open) {
        open.reveal(undefined, true);
        return;
      }
      // Our panels share a column: a second one does not take room from the source again.
      const column = [...panels.values()][0]?.viewColumn ?? vscode.ViewColumn.Beside;
      adopt(view, vscode.window.createWebviewPanel(VIEW_TYPES[view], titleOf(view), column, {}));
    },
    dispose() {
      for (const one of [...subscriptions, ...panels.values()]) one.dispose();
    },
  };
}

function titleOf(view: ViewName): string {
  switch (view) {
    case 'heatmap':
      return vscode.l10n.t('Precision Heatmap');
    case 'pareto':
      return vscode.l10n.t('Pareto Front');
    case 'resources':
      return vscode.l10n.t('FPGA Resources');
  }
}

/** Shows the call that constructs a layer beside the panel. */
async function reveal(results: ResultStore, links: SourceLinks, layer: string): Promise<void> {
  const location = results.current && (await links.locate(results.current)).get(layer);
  if (!location) return;
  const visible = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === location.uri.toString(),
  );
  await vscode.window.showTextDocument(location.uri, {
    viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One,
    selection: location.range,
  });
}
