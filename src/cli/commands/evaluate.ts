// bitlens evaluate MODEL: accuracy on data, as the model is or quantized.

import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { BitLensError } from '../../core/errors.ts';
import { readPlan } from '../../core/plan.ts';
import { parseUniform } from '../../core/search/bits.ts';
import type { QuantizeSettings } from '../../core/result.ts';
import type { PlanChoice } from '../../protocol/engine.ts';
import {
  addDataOptions,
  addModelOptions,
  dataRef,
  familyOption,
  modelRef,
  type DataOptions,
  type ModelOptions,
} from '../options.ts';
import { printJson, withEngine } from '../session.ts';
import { formatPercent } from '../table.ts';

interface Options extends ModelOptions, DataOptions, PlanOptions {
  readonly calibration?: string;
  readonly json?: boolean;
}

export interface PlanOptions {
  readonly plan?: string;
  readonly uniform?: string;
  readonly family: QuantizeSettings['family'];
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate <model>')
    .description('measure accuracy, as the model is or with quantizers in place');
  addPlanOptions(addDataOptions(addModelOptions(command)))
    .option('--calibration <path>', 'samples that set activation ranges (default: the first of --data)')
    .option('--json', 'machine-readable output')
    .action(async (model: string, options: Options) => {
      if (options.data === undefined) throw new BitLensError('bad-option', ['evaluate needs --data.']);
      const data = dataRef(options);
      const { labels, labelColumn, limit: _all, ...preparation } = data;
      const calibration = options.calibration === undefined ? undefined : path.resolve(options.calibration);
      const params = {
        model: modelRef(model, options),
        data,
        calibration:
          calibration === undefined
            ? undefined
            : {
                ...preparation,
                path: calibration,
                labelColumn: labels === undefined ? labelColumn : undefined,
              },
        plan: await planChoice(options),
      };
      const found = await withEngine(({ engine, watched }) => engine.call('evaluate', params, watched));
      if (options.json) return printJson(found);
      console.log(`${found.data}, ${found.samples} samples (${found.backend})`);
      for (const note of found.notes) console.log(`Note: ${note}`);
      if (found.accuracy !== null) console.log(`Accuracy   ${formatPercent(found.accuracy, 2)}`);
      if (found.auc !== null) console.log(`Mean AUC   ${found.auc.toFixed(4)}`);
      if (found.loss !== null) console.log(`Loss       ${found.loss.toFixed(4)}`);
      if (found.sqnr !== null) console.log(`SQNR       ${found.sqnr.toFixed(1)} dB`);
      if (found.kl !== null) console.log(`KL         ${found.kl.toFixed(4)} nats`);
      if (found.agreement !== null)
        console.log(`Agreement  ${formatPercent(found.agreement, 2)} with the float network`);
    });
}

export function addPlanOptions(command: Command): Command {
  return command
    .option('--plan <file>', 'formats by slot, as quantize writes them')
    .option('--uniform <widths>', 'the same widths everywhere: W8A8')
    .addOption(familyOption());
}

/** Throws `bad-option` when both are given, `bad-plan` when the file is no plan. */
export async function planChoice({ plan, uniform, family }: PlanOptions): Promise<PlanChoice | undefined> {
  if (plan !== undefined && uniform !== undefined) {
    throw new BitLensError('bad-option', ['Give either --plan or --uniform, not both.']);
  }
  if (uniform !== undefined) {
    parseUniform(uniform);
    return { kind: 'uniform', uniform, family };
  }
  if (plan === undefined) return undefined;
  const text = await readFile(plan, 'utf8').catch(() => {
    throw new BitLensError('bad-plan', ['There is no plan file {0}.', plan]);
  });
  return { kind: 'formats', ...readPlan(text, path.basename(plan)) };
}
