// Which call in a document constructs which layers of a result. One call may construct several (a loop), and only links
// that are exact or likely are shown: no lens is better than one at the wrong layer.

import * as vscode from 'vscode';
import { matchSource } from '../../core/source/align.ts';
import type { CallSite, Link } from '../../core/source/callSite.ts';
import type { Result } from '../../core/result.ts';
import type { ResultStore } from '../results/resultStore.ts';
import type { StoredResult } from '../results/storedResult.ts';
import { nearModelFirst } from '../workspaceFiles.ts';
import { SOURCE_FILES, type DocumentScans } from './documentScans.ts';

/** A call that constructs layers of a result. */
export interface LayerSite {
  /** Layer ids, in the order of the network. */
  readonly layers: readonly string[];
  /** The callee: where lens and hover sit. */
  readonly range: vscode.Range;
  readonly evidence: string;
}

export interface DocumentLinks {
  readonly stored: StoredResult;
  readonly sites: readonly LayerSite[];
}

/** By layer id. */
type Located = ReadonlyMap<string, vscode.Location>;

export interface SourceLinks {
  /** The result whose model this document defines, with its calls; undefined when there is none. */
  of(document: vscode.TextDocument): DocumentLinks | undefined;
  /** Where the layers of a result are defined, by layer id; open documents first, then files near the model. */
  locate(stored: StoredResult): Promise<Located>;
  dispose(): void;
}

/** Files looked at when no open document defines the model. */
const MAX_FILES = 200;
const MAX_BYTES = 1_000_000;
const EXCLUDED = '**/{node_modules,.venv,venv,site-packages,dist,out,build}/**';

export function createSourceLinks(results: ResultStore, scans: DocumentScans): SourceLinks {
  const match = (document: vscode.TextDocument, stored: StoredResult): readonly LayerSite[] => {
    const sites = scans(document);
    if (sites.length === 0) return [];
    const { links, fit } = matchSource(stored.result.model.layers, sites);
    return fit.state === 'unrelated' ? [] : layerSites(document, links);
  };
  const cache = new WeakMap<
    vscode.TextDocument,
    { version: number; by: Map<Result['model'], readonly LayerSite[]> }
  >();
  const matched = (document: vscode.TextDocument, stored: StoredResult): readonly LayerSite[] => {
    let known = cache.get(document);
    if (known?.version !== document.version) {
      known = { version: document.version, by: new Map() };
      cache.set(document, known);
    }
    // Choosing another plan makes a new StoredResult of the same model: the links stay.
    const sites = known.by.get(stored.result.model) ?? match(document, stored);
    known.by.set(stored.result.model, sites);
    return sites;
  };
  const locateIn = (document: vscode.TextDocument, stored: StoredResult): Located =>
    new Map(
      matched(document, stored).flatMap(({ layers, range }) =>
        layers.map((layer) => [layer, new vscode.Location(document.uri, range)] as const),
      ),
    );

  const search = async (stored: StoredResult): Promise<Located> => {
    const files = await vscode.workspace.findFiles(SOURCE_FILES, EXCLUDED, MAX_FILES);
    let best: Located = new Map();
    for (const file of nearModelFirst(files, stored.model)) {
      const document = await openSmall(file);
      if (document) best = larger(best, locateIn(document, stored));
    }
    return best;
  };
  // Every panel asks after every change of the plan: files are read again only when one of them has changed.
  const searches = new Map<Result['model'], Promise<Located>>();
  let watching: vscode.Disposable | undefined;

  return {
    of(document) {
      let best: DocumentLinks | undefined;
      // Of several results that fit as well, the one shown last wins.
      for (const stored of results.all) {
        const sites = matched(document, stored);
        if (sites.length > (best?.sites.length ?? 0)) best = { stored, sites };
      }
      return best;
    },
    async locate(stored) {
      const open = vscode.workspace.textDocuments.map((document) => locateIn(document, stored));
      const located = open.reduce(larger, new Map());
      if (located.size > 0) return located;
      watching ??= watchSources(() => searches.clear());
      const { model } = stored.result;
      const found = searches.get(model) ?? search(stored);
      searches.set(model, found);
      found.catch(() => searches.delete(model));
      return await found;
    },
    dispose() {
      watching?.dispose();
    },
  };
}

/** The first one on ties. */
const larger = (a: Located, b: Located): Located => (b.size > a.size ? b : a);

/** One site for each call; ambiguous links are left out, and with them their call. */
function layerSites(document: vscode.TextDocument, links: readonly Link[]): LayerSite[] {
  const byCall = new Map<CallSite, Link[]>();
  for (const link of links) byCall.set(link.site, [...(byCall.get(link.site) ?? []), link]);
  return [...byCall].flatMap(([{ calleeRange }, own]) => {
    if (own.some(({ confidence }) => confidence === 'ambiguous')) return [];
    const range = new vscode.Range(
      document.positionAt(calleeRange.from),
      document.positionAt(calleeRange.to),
    );
    return [{ layers: own.map(({ layer }) => layer), range, evidence: own[0]!.evidence }];
  });
}

/** Hears of sources that come, go or change on disk. */
function watchSources(changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(SOURCE_FILES);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(changed),
    watcher.onDidChange(changed),
    watcher.onDidDelete(changed),
    vscode.workspace.onDidChangeWorkspaceFolders(changed),
  );
}

async function openSmall(file: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > MAX_BYTES) return undefined;
  const bytes = await vscode.workspace.fs.readFile(file);
  // Opening a document wakes language servers: only text that speaks of layers is worth it.
  if (!/keras|tensorflow|tfjs|layers/.test(new TextDecoder().decode(bytes))) return undefined;
  return await vscode.workspace.openTextDocument(file);
}
