// The one owner of results and of which plan is active. Lenses, hovers, panels and the status bar listen to it.
// Nothing is read before somebody asks.

import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { Result } from '../../core/result.ts';
import { CONTEXT_KEYS } from '../contributions.ts';
import { createResultFiles, type FoundResult } from './resultFiles.ts';
import type { StoredResult } from './storedResult.ts';

/** workspaceState: the active candidate's label by result key. */
const ACTIVE_PLANS = 'activePlans';
/** Of larger models it is not checked whether they are still the ones that were analysed. */
const MAX_HASHED_BYTES = 256 * 1024 * 1024;

export interface ResultStore {
  /** Reads what is on disk, once. */
  ready(): Promise<void>;
  /** The one shown last first. */
  readonly all: readonly StoredResult[];
  /** The result panels show. */
  readonly current: StoredResult | undefined;
  forModel(model: vscode.Uri): StoredResult | undefined;
  /** Takes the result of a run in, and makes it current. */
  add(model: vscode.Uri, result: Result): Promise<StoredResult>;
  show(id: string): void;
  /** Makes a candidate of the current result the active plan. */
  select(index: number): Promise<void>;
  /** Forgets all results of runs; files in the workspace stay where they are. */
  clear(): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

export function createResultStore(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): ResultStore {
  const files = createResultFiles(context);
  const changed = new vscode.EventEmitter<void>();
  let results: readonly StoredResult[] = [];
  let loading: Promise<void> | undefined;

  const update = (next: readonly StoredResult[]): void => {
    results = next;
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.hasResults, next.length > 0);
    changed.fire();
  };
  const toFront = (stored: StoredResult): void =>
    update([stored, ...results.filter(({ id }) => id !== stored.id)]);

  const load = async (): Promise<void> => {
    const found = await files.load((error) => log.warn(String(error)));
    // Of a model that was analysed more than once the latest counts.
    const latest = new Map<string, FoundResult>();
    for (const one of [...found].sort((a, b) => a.written - b.written)) {
      const id = idOf(one);
      latest.delete(id);
      latest.set(id, one);
    }
    const stored = await Promise.all([...latest.values()].reverse().map((one) => fromDisk(context, one)));
    const known = new Set(results.map(({ id }) => id));
    if (stored.length > 0) update([...results, ...stored.filter(({ id }) => !known.has(id))]);
  };

  return {
    ready: () => (loading ??= load()),
    get all() {
      return results;
    },
    get current() {
      return results[0];
    },
    forModel: (model) => results.find(({ id }) => id === model.toString()),
    async add(model, result) {
      const id = model.toString();
      const stored: StoredResult = {
        id,
        model,
        result,
        active: result.chosen ?? firstOf(result),
        outdated: false,
      };
      toFront(stored);
      await files.keep(model, result);
      return stored;
    },
    show(id) {
      const stored = results.find((one) => one.id === id);
      if (stored && stored !== results[0]) toFront(stored);
    },
    async select(index) {
      const [current] = results;
      const candidate = current?.result.candidates[index];
      if (!current || !candidate || current.active === index) return;
      toFront({ ...current, active: index });
      const plans = context.workspaceState.get<Record<string, string>>(ACTIVE_PLANS, {});
      await context.workspaceState.update(ACTIVE_PLANS, { ...plans, [current.result.key]: candidate.label });
    },
    async clear() {
      for (const { model } of results) if (model) await files.forget(model);
      update([]);
    },
    onDidChange: changed.event,
    dispose: () => changed.dispose(),
  };
}

function idOf({ model, file }: FoundResult): string {
  return (model ?? file).toString();
}

async function fromDisk(context: vscode.ExtensionContext, found: FoundResult): Promise<StoredResult> {
  const { model, result } = found;
  const plans = context.workspaceState.get<Record<string, string>>(ACTIVE_PLANS, {});
  const remembered = result.candidates.findIndex(({ label }) => label === plans[result.key]);
  const active = remembered >= 0 ? remembered : (result.chosen ?? firstOf(result));
  const hash = model && (await hashOf(model));
  // Files that belong to the model, such as shards, follow behind a plus sign.
  const outdated = hash !== undefined && hash !== result.model.hash.split('+')[0];
  return { id: idOf(found), model, result, active, outdated };
}

function firstOf({ candidates }: Result): number | null {
  return candidates.length > 0 ? 0 : null;
}

/** SHA-256 in hex; undefined when the file is gone or too large to be read for this. */
async function hashOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > MAX_HASHED_BYTES) return undefined;
    return createHash('sha256')
      .update(await vscode.workspace.fs.readFile(file))
      .digest('hex');
  } catch {
    return undefined;
  }
}
