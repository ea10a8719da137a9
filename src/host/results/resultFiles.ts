// Results on disk. Every run is kept in the extension's own storage; results that were saved in the workspace
// (`.bitlens/…/result.json`, by Save Result or by the command line) are read too, never written without being asked.

import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { resultJson } from '../../core/export/resultJson.ts';
import { parseResult } from '../../core/parseResult.ts';
import type { Result } from '../../core/result.ts';

export const WORKSPACE_FOLDER = '.bitlens';
const WORKSPACE_RESULTS = `**/${WORKSPACE_FOLDER}/**/result.json`;
const MAX_WORKSPACE_RESULTS = 50;
/** Results hold tables, no data: a larger file is none. */
const MAX_BYTES = 64 * 1024 * 1024;

export interface FoundResult {
  readonly file: vscode.Uri;
  readonly model: vscode.Uri | undefined;
  readonly result: Result;
  /** Milliseconds since the epoch. */
  readonly written: number;
}

export interface ResultFiles {
  /** All results that can be read; `onBroken` hears of the others. */
  load(onBroken: (error: unknown) => void): Promise<readonly FoundResult[]>;
  keep(model: vscode.Uri, result: Result): Promise<void>;
  forget(model: vscode.Uri): Promise<void>;
}

export function createResultFiles(context: vscode.ExtensionContext): ResultFiles {
  const folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'results');
  const fileOf = (model: vscode.Uri): vscode.Uri =>
    vscode.Uri.joinPath(
      folder,
      `${createHash('sha256').update(model.toString()).digest('hex').slice(0, 24)}.json`,
    );

  return {
    async load(onBroken) {
      const files = [...(await keptFiles(folder)), ...(await workspaceFiles())];
      const found: FoundResult[] = [];
      for (const file of files) {
        try {
          found.push(await read(file));
        } catch (error) {
          onBroken(error);
        }
      }
      return found;
    },
    async keep(model, result) {
      await vscode.workspace.fs.createDirectory(folder);
      // One line with the place of the model, then the result as it is exported: each can be read alone.
      const text = `${JSON.stringify({ model: model.toString() })}\n${resultText(result)}`;
      await vscode.workspace.fs.writeFile(fileOf(model), new TextEncoder().encode(text));
    },
    async forget(model) {
      await vscode.workspace.fs.delete(fileOf(model)).then(undefined, () => undefined);
    },
  };
}

export function resultText(result: Result): string {
  return resultJson.export(result, result.candidates[result.chosen ?? 0]!);
}

async function keptFiles(folder: vscode.Uri): Promise<vscode.Uri[]> {
  // Before the first run there is no such folder; listing it all the same would leave an error in VS Code's own log.
  const exists = await vscode.workspace.fs.stat(folder).then(
    () => true,
    () => false,
  );
  const entries = exists ? await vscode.workspace.fs.readDirectory(folder) : [];
  return entries
    .filter(([name]) => name.endsWith('.json'))
    .map(([name]) => vscode.Uri.joinPath(folder, name));
}

async function workspaceFiles(): Promise<vscode.Uri[]> {
  const files = await vscode.workspace.findFiles(
    WORKSPACE_RESULTS,
    '**/node_modules/**',
    MAX_WORKSPACE_RESULTS,
  );
  return files.sort((a, b) => a.path.localeCompare(b.path));
}

async function read(file: vscode.Uri): Promise<FoundResult> {
  const { size, mtime } = await vscode.workspace.fs.stat(file);
  const text = size > MAX_BYTES ? '' : new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  const name = vscode.workspace.asRelativePath(file);
  const kept = keptModel(text);
  const result = parseResult(kept ? text.slice(text.indexOf('\n') + 1) : text, name);
  return { file, result, written: mtime, model: kept ?? (await findModel(result.model.file, file)) };
}

/** The model named in the first line of a file of our own storage. */
function keptModel(text: string): vscode.Uri | undefined {
  const match = /^\{"model":("[^"\n]+")\}\n/.exec(text);
  return match ? vscode.Uri.parse(JSON.parse(match[1]!) as string, true) : undefined;
}

/** The file of that name nearest to the result; a result names its model without a path. */
async function findModel(name: string, near: vscode.Uri): Promise<vscode.Uri | undefined> {
  if (!/^[^/\\{}[\]*?]+$/.test(name)) return undefined;
  const files = await vscode.workspace.findFiles(`**/${name}`, '**/node_modules/**', 100);
  const shared = (file: vscode.Uri): number => {
    const theirs = near.path.split('/');
    return file.path.split('/').findIndex((part, k) => part !== theirs[k]);
  };
  return files.sort((a, b) => shared(b) - shared(a) || a.path.localeCompare(b.path))[0];
}
