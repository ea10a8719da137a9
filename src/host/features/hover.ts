// Hover on the call that constructs a layer: its widths with what they lose and cost, and why the suggestion is one.

import * as vscode from 'vscode';
import { hoverMarkdown } from '../present/hoverMarkdown.ts';
import { outdatedNote } from '../results/storedResult.ts';
import type { Services } from '../services.ts';
import { isEnabled } from '../settings.ts';
import { SOURCE_SELECTOR } from '../source/documentScans.ts';

export function registerHover({ results, links }: Services): vscode.Disposable {
  return vscode.languages.registerHoverProvider(SOURCE_SELECTOR, {
    async provideHover(document, position) {
      if (!isEnabled('hover')) return undefined;
      await results.ready();
      const found = links.of(document);
      const site = found?.sites.find(({ range }) => range.contains(position));
      if (!found || !site || found.stored.active === null) return undefined;
      const { result, active } = found.stored;
      const text = hoverMarkdown(result, active, site.layers, site.evidence, vscode.l10n.t);
      const note = outdatedNote(found.stored);
      const markdown = new vscode.MarkdownString(note === undefined ? text : `${text}\n\n${note}`);
      return new vscode.Hover(markdown, site.range);
    },
  });
}
