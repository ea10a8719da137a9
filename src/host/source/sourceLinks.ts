// Which call in a document constructs which layers of a result. One call may construct several (a loop), and only links
// that are exact or likely are shown: no lens is better than one at the wrong layer.

import * as vscode from 'vscode';
import { matchSource } from '../../core/source/align.ts';
import type { CallSite, Link } from '../../core/source/callSite.ts';
import type { ResultStore } from '../results/resultStore.ts';
import type { StoredResult } from '../results/storedResult.ts';
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

export interface SourceLinks {
  /** The result whose model this document defines, with its calls; undefined when there is none. */
  of(document: vscode.TextDocument): DocumentLinks | undefined;
  /** Where the layers of a result are defined, by layer id; open documents first, then files near the model. */
  locate(stored: StoredResult): Promise<ReadonlyMap<string, vscode.Location>>;
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
    { version: number; by: Map<unknown, readonly LayerSite[]> }
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
  const locateIn = (document: vscode.TextDocument, stored: StoredResult) =>
    new Map(
      matched(document, stored).flatMap(({ layers, range }) =>
        layers.map((layer) => [layer, new vscode.Location(document.uri, range)] as const),
      ),
    );

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
      let best: ReadonlyMap<string, vscode.Location> = new Map();
      const consider = (document: vscode.TextDocument): void => {
        const found = locateIn(document, stored);
        if (found.size > best.size) best = found;
      };
      for (const document of vscode.workspace.textDocuments) consider(document);
      if (best.size > 0) return best;
      for (const file of await filesNear(stored.model)) {
        const document = await openSmall(file);
        if (document) consider(document);
      }
      return best;
    },
  };
}

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

async function filesNear(model: vscode.Uri | undefined): Promise<readonly vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(SOURCE_FILES, EXCLUDED, MAX_FILES);
  const folder = model ? vscode.Uri.joinPath(model, '..').path : '';
  const near = (file: vscode.Uri): number => Number(!file.path.startsWith(folder));
  return files.sort((a, b) => near(a) - near(b) || a.path.localeCompare(b.path));
}

async function openSmall(file: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > MAX_BYTES) return undefined;
  const bytes = await vscode.workspace.fs.readFile(file);
  // Opening a document wakes language servers: only text that speaks of layers is worth it.
  if (!/keras|tensorflow|tfjs|layers/.test(new TextDecoder().decode(bytes))) return undefined;
  return await vscode.workspace.openTextDocument(file);
}
