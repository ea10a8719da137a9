// Call sites of open documents, scanned once per version of the text.

import type * as vscode from 'vscode';
import type { CallSite, SourceLanguage } from '../../core/source/callSite.ts';
import { scan } from '../../core/source/scan.ts';

/** VS Code's language ids. */
const LANGUAGES: Readonly<Record<string, SourceLanguage>> = {
  python: 'python',
  javascript: 'javascript',
  javascriptreact: 'javascript',
  typescript: 'typescript',
  typescriptreact: 'typescript',
};

export const LANGUAGE_IDS: readonly string[] = Object.keys(LANGUAGES);

export const SOURCE_SELECTOR: vscode.DocumentSelector = LANGUAGE_IDS.map((language) => ({
  language,
  scheme: 'file',
}));

/** Of files that could define a model. */
export const SOURCE_FILES = '**/*.{py,ts,tsx,js,jsx,mjs}';

export type DocumentScans = (document: vscode.TextDocument) => readonly CallSite[];

export function createDocumentScans(): DocumentScans {
  const scans = new WeakMap<vscode.TextDocument, { version: number; sites: readonly CallSite[] }>();
  return (document) => {
    const language = LANGUAGES[document.languageId];
    if (!language) return [];
    const known = scans.get(document);
    if (known?.version === document.version) return known.sites;
    const sites = scan(document.getText(), language);
    scans.set(document, { version: document.version, sites });
    return sites;
  };
}
