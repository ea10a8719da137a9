// Second step: which samples. Found by shape; the first entry is what most people want: calibrate on the one set and
// measure accuracy on the labelled one. Without any, a synthetic set, which every result then says.

import * as vscode from 'vscode';
import type { DataRef } from '../../protocol/engine.ts';
import { findData, type FoundData } from './findData.ts';
import { pick, separator, whileBusy, type Answer, type Choice } from './pick.ts';
import { folderOf, nameOf } from './pickModel.ts';
import type { Draft } from './draft.ts';
import { briefly, parsePreprocessing, printPreprocessing, type Preprocessing } from './preprocessing.ts';

export interface ChosenData {
  readonly calibration: DataRef;
  /** Where candidates are measured; the calibration data when absent. */
  readonly evaluation?: DataRef;
}

type Entry = ChosenData | 'file' | 'folder' | 'preprocessing';

export async function pickData(title: string, draft: Draft): Promise<Answer<ChosenData & Preprocessing>> {
  const busy = vscode.l10n.t('Looking for data that fit {0}…', nameOf(draft.model));
  const found = await whileBusy(title, busy, findData(draft.engine, draft.model, draft.inputs));
  let preprocessing = draft.preprocessing;
  for (;;) {
    const chosen = await pick<Entry>({
      title,
      step: 2,
      of: 3,
      placeholder: vscode.l10n.t('Samples to calibrate on, and to measure accuracy with'),
      choices: [...choices(found), ...otherChoices(preprocessing)],
    });
    if (chosen === undefined) return undefined;
    if (chosen === 'preprocessing') {
      preprocessing = (await askPreprocessing(preprocessing)) ?? preprocessing;
      continue;
    }
    const data = typeof chosen === 'string' ? await browse(chosen) : chosen;
    if (data) return { ...data, ...preprocessing };
  }
}

function choices(found: readonly FoundData[]): Choice<Entry>[] {
  const labelled = found.filter((data) => data.labelled);
  const calibration = bestCalibration(found);
  const evaluation = largest(labelled.filter((data) => data !== calibration));
  const pair: Choice<Entry>[] =
    calibration && evaluation && !calibration.labelled
      ? [
          {
            label: `$(beaker) ${vscode.l10n.t('{0}, accuracy on {1}', nameOfPath(calibration), nameOfPath(evaluation))}`,
            description: describe(calibration),
            detail: evaluation.description,
            value: { calibration: { path: calibration.path }, evaluation: { path: evaluation.path } },
          },
        ]
      : [];
  return [...pair, ...sorted(found, calibration).map(single)];
}

/** Unlabelled sets, and those named so, are for calibration; labelled ones serve both purposes. */
function bestCalibration(found: readonly FoundData[]): FoundData | undefined {
  const named = found.filter(({ path }) => /calib|represent/i.test(nameOf(vscode.Uri.file(path))));
  return named[0] ?? found.find(({ labelled }) => !labelled) ?? found[0];
}

function sorted(found: readonly FoundData[], first: FoundData | undefined): readonly FoundData[] {
  return [...found].sort(
    (a, b) => Number(b.labelled) - Number(a.labelled) || Number(b === first) - Number(a === first),
  );
}

function largest(found: readonly FoundData[]): FoundData | undefined {
  return [...found].sort((a, b) => b.count - a.count)[0];
}

function single(data: FoundData): Choice<Entry> {
  const icon = data.labelled ? 'beaker' : 'database';
  return {
    label: `$(${icon}) ${nameOfPath(data)}`,
    description: describe(data),
    detail: data.description,
    value: { calibration: { path: data.path } },
  };
}

function describe({ path, count, labelled }: FoundData): string {
  const amount = labelled
    ? vscode.l10n.t('{0} labelled samples', count)
    : vscode.l10n.t('{0} samples, no labels', count);
  const folder = folderOf(vscode.Uri.file(path));
  return folder === '' ? amount : `${amount} · ${folder}`;
}

const nameOfPath = ({ path }: FoundData): string => nameOf(vscode.Uri.file(path));

function otherChoices({ scale, offset }: Preprocessing): Choice<Entry>[] {
  return [
    separator(vscode.l10n.t('other')),
    {
      label: `$(sparkle) ${vscode.l10n.t('Synthetic samples')}`,
      description: vscode.l10n.t('no data at hand: ranges are rough, and every result says so'),
      value: { calibration: {} },
    },
    { label: `$(file) ${vscode.l10n.t('Choose a file…')}`, description: '.npz .npy .csv', value: 'file' },
    { label: `$(file-media) ${vscode.l10n.t('Choose a folder of images…')}`, value: 'folder' },
    {
      label: `$(settings) ${vscode.l10n.t('Preprocessing: x · {0} + {1}…', briefly(scale), briefly(offset))}`,
      description: vscode.l10n.t('when the network wants other values than the file holds'),
      value: 'preprocessing',
    },
  ];
}

async function browse(what: 'file' | 'folder'): Promise<Answer<ChosenData>> {
  const files = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Samples to calibrate on'),
    canSelectFiles: what === 'file',
    canSelectFolders: what === 'folder',
    ...(what === 'file' ? { filters: { [vscode.l10n.t('Data')]: ['npz', 'npy', 'csv'] } } : {}),
  });
  const file = files?.[0];
  return file && { calibration: { path: file.fsPath } };
}

async function askPreprocessing(current: Preprocessing): Promise<Answer<Preprocessing>> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Scale and offset'),
    prompt: vscode.l10n.t(
      'Every value x becomes x · scale + offset. Write scale; offset, such as 1/255; 0, or a list with a number for each channel: {0}',
      LISTS,
    ),
    value: printPreprocessing(current),
    validateInput: (value) =>
      parsePreprocessing(value)
        ? undefined
        : vscode.l10n.t('Write two numbers, such as 1/255; 0, or two lists, such as {0}', LISTS),
  });
  return text === undefined ? undefined : parsePreprocessing(text);
}

/** Pixels 0 … 255 to mean 0 and variance 1 by the statistics of ImageNet, rounded. */
const LISTS = '1/58.4 1/57.1 1/57.4; -2.12 -2.04 -1.8';
