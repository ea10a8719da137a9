// What the features share. Made once by extension.ts, handed to every feature's `register` function.

import type * as vscode from 'vscode';
import type { Engine } from '../protocol/engineClient.ts';
import type { ResultStore } from './results/resultStore.ts';
import type { SourceLinks } from './source/sourceLinks.ts';
import type { ViewPanels } from './views/viewPanels.ts';

export interface Services {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engine: Engine;
  readonly results: ResultStore;
  readonly links: SourceLinks;
  readonly panels: ViewPanels;
}
