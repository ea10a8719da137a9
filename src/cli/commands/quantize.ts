// bitlens quantize MODEL: the main job.

import type { Command } from 'commander';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BitLensError } from '../../core/errors.ts';
import { EXPORTERS } from '../../core/export/registry.ts';
import { parseResult } from '../../core/parseResult.ts';
import type { Result } from '../../core/result.ts';
import type { RunProgress } from '../../protocol/engine.ts';
import {
  addDataOptions,
  addModelOptions,
  addSearchOptions,
  addSensitivityOptions,
  addTargetOptions,
  dataRef,
  modelRef,
  settingsOf,
  type RunOptions,
} from '../options.ts';
import { printReport } from '../report.ts';
import { printJson, withEngine } from '../session.ts';

interface Options extends RunOptions {
  readonly eval?: string;
  readonly evalLabels?: string;
  readonly out?: string;
}

export function addQuantize(program: Command): void {
  const command = program.command('quantize <model>').description('find the widths every layer needs');
  addTargetOptions(addSearchOptions(addSensitivityOptions(addDataOptions(addModelOptions(command)))))
    .option('--eval <path>', 'samples on which candidates are measured (default: --data)')
    .option('--eval-labels <path>', 'labels of --eval, when they are not with the samples')
    .option('--out <folder>', 'write result.json, plan.json, hls4ml.yml and report.csv there')
    .option('--json', 'machine-readable output')
    .action(run);
}

async function run(model: string, options: Options): Promise<void> {
  const calibration = dataRef(options);
  const { limit: _calibrationLimit, ...preparation } = calibration;
  const evaluation =
    options.eval === undefined
      ? undefined
      : { ...preparation, ...evaluationPaths(options.eval, options.evalLabels) };
  const params = {
    model: modelRef(model, options),
    calibration,
    evaluation,
    settings: settingsOf(options),
    resume: options.out === undefined ? undefined : await earlierResult(options.out),
  };
  let partial: Result | null = null;
  const keep = ({ partial: latest }: RunProgress): void => void (partial = latest ?? partial);
  const run = withEngine(({ engine, watched }) => engine.call('quantize', params, watched), keep);
  const result = await run.catch(async (error: unknown) => {
    if (partial && options.out !== undefined) await writeResults(partial, options.out);
    throw error;
  });
  await finish(result, options);
}

function evaluationPaths(data: string, labels: string | undefined) {
  return { path: path.resolve(data), labels: labels === undefined ? undefined : path.resolve(labels) };
}

async function finish(result: Result, { out, json }: Options): Promise<void> {
  const written = out === undefined ? [] : await writeResults(result, out);
  if (json) printJson(result);
  else printReport(result);
  if (!json) for (const file of written) console.log(`Wrote ${file}`);
  if (result.status === 'cancelled') {
    throw new BitLensError(
      'cancelled',
      ['Cancelled; what was found until then is above.'],
      ['With --out, the same command goes on from there.'],
    );
  }
  if (result.chosen === null)
    throw new BitLensError('no-solution', ['No plan respects the limits.'], [result.notes.join(' ')]);
}

/** Files of a result; exports that a plan cannot have are left out with a message. */
async function writeResults(result: Result, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const candidate = result.candidates[result.chosen ?? -1];
  const written: string[] = [];
  for (const exporter of EXPORTERS) {
    if (!candidate && exporter.id !== 'result') continue;
    try {
      const file = path.join(folder, exporter.fileName);
      await writeFile(file, exporter.export(result, candidate ?? result.candidates[0]!));
      written.push(file);
    } catch (error) {
      if (!BitLensError.is(error, 'unsupported')) throw error;
      console.error(`${exporter.fileName} was not written: ${error.message}`);
    }
  }
  return written;
}

/** An earlier result in the output folder; anything else there is no result of ours and is written over. */
async function earlierResult(folder: string): Promise<Result | undefined> {
  try {
    const file = path.join(folder, 'result.json');
    return parseResult(await readFile(file, 'utf8'), file);
  } catch {
    return undefined;
  }
}
