// BitLens: Quantize Model… – three questions with good answers first, then the run. One run at a time: two would only
// take each other's processor.

import * as vscode from 'vscode';
import { BitLensError } from '../../core/errors.ts';
import type { InspectResult, ModelRef, RunParams } from '../../protocol/engine.ts';
import { COMMANDS } from '../contributions.ts';
import type { Services } from '../services.ts';
import { quantizeSettings } from '../settings.ts';
import { announce } from './announce.ts';
import type { Answer } from './pick.ts';
import { pickData } from './pickData.ts';
import { pickGoal } from './pickGoal.ts';
import { withShapes } from './inputShape.ts';
import { nameOf, pickModel, pickWeights } from './pickModel.ts';
import type { Preprocessing } from './preprocessing.ts';
import { runQuantization, type Outcome, type RunRequest } from './runQuantization.ts';
import type { Draft } from './draft.ts';

/** workspaceState: what was chosen the last time. */
const LAST_MODEL = 'lastModel';
const PREPROCESSING = 'preprocessing';
const IDENTITY: Preprocessing = { scale: 1, offset: 0 };

export function registerQuantize(services: Services): vscode.Disposable {
  let running = false;
  const run = async (prepare: () => Promise<Answer<RunRequest>>): Promise<void> => {
    const objection = running
      ? vscode.l10n.t('An analysis is running: wait for it, or cancel it first.')
      : vscode.workspace.isTrusted
        ? undefined
        : vscode.l10n.t('BitLens analyses models in trusted workspaces only. Results can be viewed.');
    if (objection !== undefined) {
      await vscode.window.showWarningMessage(objection);
      return;
    }
    running = true;
    let outcome: Outcome;
    try {
      const request = await prepare();
      outcome = request ? await runQuantization(services, request) : { kind: 'nothing' };
    } catch (error) {
      outcome = { kind: 'failed', error: BitLensError.from(error) };
    } finally {
      running = false;
    }
    const again = await announce(services, outcome);
    if (again) await run(() => Promise.resolve(again));
  };
  return vscode.commands.registerCommand(COMMANDS.quantizeModel, (file?: unknown) =>
    run(() => askWhat(services, file instanceof vscode.Uri ? file : undefined)),
  );
}

/** The three questions; undefined when the user left. */
async function askWhat(services: Services, file: vscode.Uri | undefined): Promise<Answer<RunRequest>> {
  const { context, engine, results } = services;
  await results.ready();
  const model = file ?? (await pickModel(titleFor(), context.workspaceState.get<string>(LAST_MODEL)));
  if (!model) return undefined;
  if (model.scheme !== 'file') throw new BitLensError('unsupported', ['BitLens reads models on disk only.']);
  const title = titleFor(model);
  const opened = await inspect(services, model, title);
  if (!opened) return undefined;
  const remembered = context.workspaceState.get<Record<string, Preprocessing>>(PREPROCESSING, {});
  const draft: Draft = {
    engine,
    model,
    ref: opened.ref,
    inputs: opened.inputs,
    preprocessing: remembered[model.toString()] ?? IDENTITY,
  };
  const data = await pickData(title, draft);
  if (!data) return undefined;
  const ref = opened.open
    ? await withShapes(engine, opened.ref, opened.open, data.calibration.path)
    : opened.ref;
  if (!ref) return undefined;
  const settings = quantizeSettings(model);
  const goal = await pickGoal(title, settings);
  if (!goal) return undefined;

  const { calibration, evaluation, scale, offset } = data;
  const { objective, maxDrop, budget, part } = goal;
  await context.workspaceState.update(LAST_MODEL, model.toString());
  await context.workspaceState.update(PREPROCESSING, {
    ...remembered,
    [model.toString()]: { scale, offset },
  });
  const params: RunParams = {
    model: ref,
    calibration: { ...calibration, scale, offset },
    evaluation: evaluation && { ...evaluation, scale, offset },
    settings: { ...settings, objective, maxDrop, budget, part },
    resume: results.forModel(model)?.result,
  };
  return { model, params };
}

interface Opened extends Pick<InspectResult, 'inputs'> {
  readonly ref: ModelRef;
  /** Says which input has an open shape, where one has. */
  readonly open?: BitLensError;
}

/** Opens the model; asks for its weights when they are apart. */
async function inspect({ engine }: Services, model: vscode.Uri, title: string): Promise<Answer<Opened>> {
  const ref: ModelRef = { path: model.fsPath };
  try {
    const { inputs } = await engine.call('inspect', { model: ref });
    return { ref, inputs };
  } catch (error) {
    if (BitLensError.is(error, 'needs-input-shape')) return { ref, inputs: [], open: error };
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
