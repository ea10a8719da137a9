// bitlens estimate MODEL: what a plan costs on a target.

import type { Command } from 'commander';
import { COSTS } from '../../core/cost/costs.ts';
import { BitLensError } from '../../core/errors.ts';
import {
  addDataOptions,
  addModelOptions,
  addTargetOptions,
  dataRef,
  modelRef,
  type DataOptions,
  type ModelOptions,
} from '../options.ts';
import { printJson, withEngine } from '../session.ts';
import { formatNumber, formatPercent, formatTable } from '../table.ts';
import { addPlanOptions, planChoice, type PlanOptions } from './evaluate.ts';

interface Options extends ModelOptions, DataOptions, PlanOptions {
  readonly target: string;
  readonly reuse: number;
  readonly clock: number;
  readonly json?: boolean;
}

export function addEstimate(program: Command): void {
  const command = program
    .command('estimate <model>')
    .description('what a plan costs: bits, BOPs, energy, FPGA resources');
  addTargetOptions(addPlanOptions(addDataOptions(addModelOptions(command))))
    .option('--json', 'machine-readable output')
    .action(async (model: string, options: Options) => {
      const plan = await planChoice(options);
      if (!plan) throw new BitLensError('bad-option', ['estimate needs --plan or --uniform.']);
      const params = {
        model: modelRef(model, options),
        plan,
        part: options.target,
        reuse: options.reuse,
        clockNs: options.clock,
        calibration: dataRef(options),
      };
      const found = await withEngine(({ engine }) => engine.call('estimate', params));
      if (options.json) return printJson(found);
      const columns = [
        { title: 'Layer' },
        { title: 'Class' },
        ...COSTS.map(({ title }) => ({ title, align: 'right' as const })),
      ];
      const rows = found.layers.map((layer) => [
        layer.layer,
        layer.className,
        ...COSTS.map(({ id }) => formatNumber(layer.costs[id])),
      ]);
      const total = ['Total', '', ...COSTS.map(({ id }) => formatNumber(found.total[id]))];
      const share = [`of ${found.part}`, '', ...COSTS.map(({ id }) => utilized(found.utilization[id]))];
      console.log(formatTable(columns, [...rows, total, share]));
      console.log('\nBasis');
      for (const { id, title } of COSTS) {
        const basis = found.basis[id];
        if (basis)
          console.log(`  ${title.padEnd(10)} ${basis.source}${basis.error ? ` (${basis.error})` : ''}`);
      }
      for (const note of found.notes) console.log(`Note: ${note}`);
    });
}

function utilized(share: number | undefined): string {
  return share === undefined ? '' : formatPercent(share);
}
