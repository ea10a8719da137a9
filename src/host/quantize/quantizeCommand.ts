// BitLens: Quantize Model… – three questions with good answers first, then the run. One run at a time: two would only
// take each other's processor.

import * as vscode from 'vscode';
import { BitLensError } from '../../core/errors.ts';
import type { InspectResult, ModelRef, RunParams } from '../../protocol/engine.ts';
import { COMMANDS } from '../contributions.ts';
import { showError } from '../messages.ts';
import type { Services } from '../services.ts';
import { quantizeSettings } from '../settings.ts';
import type { Answer } from './pick.ts';
import { pickData, type Preprocessing } from './pickData.ts';
import { pickGoal } from './pickGoal.ts';
import { nameOf, pickModel, pickWeights } from './pickModel.ts';
import { runQuantization } from './runQuantization.ts';
import type { Draft } from './draft.ts';

/** workspaceState: what was chosen the last time. */
const LAST_MODEL = 'lastModel';
const PREPROCESSING = 'preprocessing';
const IDENTITY: Preprocessing = { scale: 1, offset: 0 };

export function registerQuantize(services: Services): vscode.Disposable {
  let running = false;
  return vscode.commands.registerCommand(COMMANDS.quantizeModel, async (file?: unknown) => {
    if (running) {
      const text = vscode.l10n.t('An analysis is running: wait for it, or cancel it first.');
      return void (await vscode.window.showWarningMessage(text));
    }
    if (!vscode.workspace.isTrusted) {
      const text = vscode.l10n.t(
        'BitLens analyses models in trusted workspaces only. Results can be viewed.',
      );
      return void (await vscode.window.showWarningMessage(text));
    }
    running = true;
    try {
      await quantize(services, file instanceof vscode.Uri ? file : undefined);
    } catch (error) {
      await showError(services.log, error);
    } finally {
      running = false;
    }
  });
}

async function quantize(services: Services, file: vscode.Uri | undefined): Promise<void> {
  const { context, engine, results } = services;
  await results.ready();
  const model = file ?? (await pickModel(titleFor(), context.workspaceState.get<string>(LAST_MODEL)));
  if (!model) return;
  if (model.scheme !== 'file') throw new BitLensError('unsupported', ['BitLens reads models on disk only.']);
  const title = titleFor(model);
  const opened = await inspect(services, model, title);
  if (!opened) return;
  const remembered = context.workspaceState.get<Record<string, Preprocessing>>(PREPROCESSING, {});
  const draft: Draft = {
    engine,
    model,
    ref: opened.ref,
    inputs: opened.inputs,
    preprocessing: remembered[model.toString()] ?? IDENTITY,
  };
  const data = await pickData(title, draft);
  if (!data) return;
  const settings = quantizeSettings();
  const goal = await pickGoal(title, settings);
  if (!goal) return;

  const { calibration, evaluation, scale, offset } = data;
  const { objective, maxDrop, budget, part } = goal;
  await context.workspaceState.update(LAST_MODEL, model.toString());
  await context.workspaceState.update(PREPROCESSING, {
    ...remembered,
    [model.toString()]: { scale, offset },
  });
  const params: RunParams = {
    model: opened.ref,
    calibration: { ...calibration, scale, offset },
    evaluation: evaluation && { ...evaluation, scale, offset },
    settings: { ...settings, objective, maxDrop, budget, part },
    resume: results.forModel(model)?.result,
  };
  await runQuantization(services, model, params);
}

/** Opens the model; asks for its weights when they are apart. */
async function inspect(
  { engine }: Services,
  model: vscode.Uri,
  title: string,
): Promise<Answer<Pick<InspectResult, 'inputs'> & { ref: ModelRef }>> {
  const ref: ModelRef = { path: model.fsPath };
  try {
    const { inputs } = await engine.call('inspect', { model: ref });
    return { ref, inputs };
  } catch (error) {
    // Open dimensions are filled in from the data.
    if (BitLensError.is(error, 'needs-input-shape')) return { ref, inputs: [] };
    if (!BitLensError.is(error, 'missing-weights')) throw error;
    const weights = await pickWeights(title, model);
    if (!weights) return undefined;
    const complete: ModelRef = { ...ref, weights: weights.fsPath };
    const { inputs } = await engine.call('inspect', { model: complete });
    return { ref: complete, inputs };
  }
}

function titleFor(model?: vscode.Uri): string {
  return model ? vscode.l10n.t('Quantize {0}', nameOf(model)) : vscode.l10n.t('Quantize Model');
}
