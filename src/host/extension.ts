// The extension's entry. Activation only registers: files are read and the engine is started when somebody asks.

import path from 'node:path';
import * as vscode from 'vscode';
import { createEngine } from '../protocol/engineClient.ts';
import { registerCodeLens } from './features/codeLens.ts';
import { registerHover } from './features/hover.ts';
import { registerResults } from './features/results.ts';
import { registerStatusBar } from './features/statusBar.ts';
import { registerViews } from './features/views.ts';
import { registerQuantize } from './quantize/quantizeCommand.ts';
import { createResultStore } from './results/resultStore.ts';
import type { Services } from './services.ts';
import { createDocumentScans } from './source/documentScans.ts';
import { createSourceLinks } from './source/sourceLinks.ts';
import { createViewPanels } from './views/viewPanels.ts';

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('BitLens', { log: true });
  const engine = createEngine({
    modulePath: path.join(context.extensionPath, 'dist', 'engine.js'),
    onLog: (line) => log.info(`engine: ${line}`),
  });
  const results = createResultStore(context, log);
  const links = createSourceLinks(results, createDocumentScans());
  const panels = createViewPanels({ context, results, links, log });
  const services: Services = { context, log, engine, results, links, panels };
  const features = [
    registerQuantize,
    registerCodeLens,
    registerHover,
    registerStatusBar,
    registerViews,
    registerResults,
  ].map((register) => register(services));
  context.subscriptions.push(...features, panels, links, results, engine, log);
}
