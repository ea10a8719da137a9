// Data files of the workspace whose samples fit a model's input.

import path from 'node:path';
import type * as vscode from 'vscode';
import { elements } from '../../core/ir/graph.ts';
import type { DataSummary, InspectResult } from '../../protocol/engine.ts';
import type { Engine } from '../../protocol/engineClient.ts';
import { findInputFiles } from '../workspaceFiles.ts';

const MAX_FILES = 60;
const MAX_IMAGES = 2000;

export interface FoundData extends DataSummary {
  /** Absolute path of the file or folder. */
  readonly path: string;
}

/** Those that fit, nearest to the model first. What cannot be read or does not fit is left out. */
export async function findData(
  engine: Engine,
  model: vscode.Uri,
  inputs: InspectResult['inputs'],
): Promise<readonly FoundData[]> {
  // A model that leaves its shape open takes it from the data; of several inputs the engine binds the arrays by name.
  const shape = inputs.length === 1 ? inputs[0]!.shape : undefined;
  const [files, images] = await Promise.all([
    findInputFiles('**/*.{npz,npy,csv}', MAX_FILES),
    (shape?.length ?? 3) === 3
      ? findInputFiles('**/*.{jpg,jpeg,png,JPG,JPEG,PNG}', MAX_IMAGES)
      : Promise.resolve([]),
  ]);
  const folders = imageFolders(images.map(({ fsPath }) => fsPath));
  const described = await Promise.all([
    ...files.map(
      async ({ fsPath }) =>
        await describe(engine, fsPath, (data) => data.count > 0 && (!shape || fits(data, shape))),
    ),
    ...folders.map(async (folder) => await describe(engine, folder, () => true)),
  ]);
  const home = path.dirname(model.fsPath);
  const distance = (data: FoundData): number => path.relative(home, data.path).split(path.sep).length;
  return described.flat().sort((a, b) => distance(a) - distance(b) || a.path.localeCompare(b.path));
}

async function describe(
  engine: Engine,
  file: string,
  accepts: (data: DataSummary) => boolean,
): Promise<FoundData[]> {
  const data = await engine.call('describeData', { data: { path: file } }).catch(() => undefined);
  return data && accepts(data) ? [{ ...data, path: file }] : [];
}

/** Open dimensions fit anything that divides. */
function fits({ sampleShape }: DataSummary, shape: readonly (number | null)[]): boolean {
  const known = shape.filter((size) => size !== null);
  const wanted = elements(known);
  const given = elements(sampleShape);
  return known.length === shape.length ? given === wanted : given % wanted === 0;
}

/** The folders that hold images; where images lie in sub-folders of one folder (a folder per class), that one. */
function imageFolders(files: readonly string[]): readonly string[] {
  const folders = new Set(files.map((file) => path.dirname(file)));
  const parents = [...folders].map((folder) => path.dirname(folder));
  const shared = new Set(parents.filter((parent, at) => parents.indexOf(parent) !== at));
  return [
    ...new Set(
      [...folders].map((folder) => (shared.has(path.dirname(folder)) ? path.dirname(folder) : folder)),
    ),
  ];
}
