// First step: which model. Files of the workspace, the one used last first.

import * as vscode from 'vscode';
import { MODEL_EXTENSIONS, WEIGHT_EXTENSIONS } from '../contributions.ts';
import { findInputFiles, nearModelFirst } from '../workspaceFiles.ts';
import { pick, separator, type Answer, type Choice } from './pick.ts';

const MAX_MODELS = 200;
/** TensorFlow writes these beside saved_model.pb. */
const NO_MODEL = /(^|\/)(fingerprint|keras_metadata)\.pb$/;
/** A Keras or TF.js model in JSON begins like this; package.json and the like do not. */
const JSON_MODEL = /"(modelTopology|class_name|weightsManifest|graph-model|layers-model)"/;
const JSON_HEAD_BYTES = 4096;

type Browse = 'browse';

/** The model's file; undefined when the user left. */
export async function pickModel(title: string, last: string | undefined): Promise<Answer<vscode.Uri>> {
  const [models, weights] = await Promise.all([findModels(), findWeights()]);
  const choices: Choice<vscode.Uri | Browse>[] = [
    ...models
      .sort(
        (a, b) =>
          Number(b.toString() === last) - Number(a.toString() === last) || a.path.localeCompare(b.path),
      )
      .map((file) => modelChoice(file, last)),
    ...(weights.length > 0 ? [separator<Browse>(vscode.l10n.t('weights without a network'))] : []),
    ...weights.map((file) => modelChoice(file, last)),
    ...(weights.length > 0 ? [separator<Browse>(vscode.l10n.t('other'))] : []),
    { label: `$(folder-opened) ${vscode.l10n.t('Choose another file…')}`, alwaysShow: true, value: 'browse' },
  ];
  const placeholder =
    models.length > 0
      ? vscode.l10n.t('Model to quantize')
      : vscode.l10n.t('No Keras, ONNX, TensorFlow or PyTorch (.pt2) model in this workspace');
  const chosen = await pick({ title, step: 1, of: 3, placeholder, choices });
  return chosen === 'browse' ? await browse() : chosen;
}

function modelChoice(file: vscode.Uri, last: string | undefined): Choice<vscode.Uri> {
  const used = file.toString() === last ? ` · ${vscode.l10n.t('used last')}` : '';
  return {
    label: `$(symbol-structure) ${nameOf(file)}`,
    description: `${folderOf(file)}${used}`,
    value: file,
  };
}

async function findModels(): Promise<vscode.Uri[]> {
  const binary = `**/*.{${MODEL_EXTENSIONS.join(',')}}`;
  const [files, json] = await Promise.all([
    findInputFiles(binary, MAX_MODELS),
    findInputFiles('**/*.json', MAX_MODELS),
  ]);
  const models = await Promise.all(json.map(async (file) => ((await looksLikeModel(file)) ? [file] : [])));
  return [...files.filter(({ path }) => !NO_MODEL.test(path)), ...models.flat()];
}

/** PyTorch users mostly have these: choosing one tells how to export its network. */
async function findWeights(): Promise<readonly vscode.Uri[]> {
  const files = await findInputFiles(`**/*.{${WEIGHT_EXTENSIONS.join(',')}}`, MAX_MODELS);
  return [...files].sort((a, b) => a.path.localeCompare(b.path));
}

async function looksLikeModel(file: vscode.Uri): Promise<boolean> {
  if (/(^|\/)(package(-lock)?|tsconfig[^/]*|composer)\.json$/.test(file.path)) return false;
  const bytes = await vscode.workspace.fs.readFile(file).then(undefined, () => new Uint8Array());
  return JSON_MODEL.test(new TextDecoder().decode(bytes.subarray(0, JSON_HEAD_BYTES)));
}

async function browse(): Promise<Answer<vscode.Uri>> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Model to quantize'),
    filters: { [vscode.l10n.t('Models')]: [...MODEL_EXTENSIONS, 'json', ...WEIGHT_EXTENSIONS] },
  });
  return files?.[0];
}

/** The weights of an architecture that was saved without them. */
export async function pickWeights(title: string, model: vscode.Uri): Promise<Answer<vscode.Uri>> {
  const files = await findInputFiles('**/*.{h5,hdf5}', MAX_MODELS);
  const choices = nearModelFirst(files, model).map((file): Choice<vscode.Uri> => ({
    label: nameOf(file),
    description: folderOf(file),
    value: file,
  }));
  const placeholder = vscode.l10n.t('{0} has no weights: choose the file that has them', nameOf(model));
  return await pick({ title, step: 1, of: 3, placeholder, choices });
}

export function nameOf(file: vscode.Uri): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}

/** Relative to the workspace; empty at its root. */
export function folderOf(file: vscode.Uri): string {
  const relative = vscode.workspace.asRelativePath(file);
  const end = relative.lastIndexOf('/');
  return end < 0 ? '' : relative.slice(0, end);
}
