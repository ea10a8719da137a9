// bitlens sensitivity MODEL: what each group loses at each candidate, all else float.

import type { Command } from 'commander';
import { additiveLoss } from '../../core/sensitivity/metrics.ts';
import {
  addDataOptions,
  addModelOptions,
  addSensitivityOptions,
  dataRef,
  modelRef,
  settingsOf,
  type RunOptions,
} from '../options.ts';
import { printJson, withEngine } from '../session.ts';
import { formatNumber, formatPercent, formatTable } from '../table.ts';

export function addSensitivity(program: Command): void {
  const command = program
    .command('sensitivity <model>')
    .description('what each layer loses at each width, all else float');
  addSensitivityOptions(addDataOptions(addModelOptions(command)))
    .option('--json', 'machine-readable output')
    .action(async (model: string, options: RunOptions) => {
      const params = {
        model: modelRef(model, options),
        calibration: dataRef(options),
        settings: settingsOf(options),
      };
      const found = await withEngine(({ engine, watched }) => engine.call('sensitivity', params, watched));
      const rows = found.rows.toSorted(
        (a, b) => additiveLoss(a, found.ranking) - additiveLoss(b, found.ranking),
      );
      if (options.json) return printJson({ ...found, rows });
      console.log(`${found.calibration.description} (${found.backend}), sorted by ${found.ranking}`);
      for (const note of found.calibration.notes) console.log(`Note: ${note}`);
      const right = 'right' as const;
      const columns = [
        { title: 'Group' },
        { title: 'Format' },
        { title: 'SQNR dB', align: right },
        { title: 'KL', align: right },
        { title: 'MSE', align: right },
        { title: found.calibration.labelled ? 'Accuracy' : 'Accuracy (est.)', align: right },
      ];
      const cells = rows.map((row) => [
        row.group,
        row.format,
        row.sqnr.toFixed(1),
        row.kl === null ? '–' : row.kl.toExponential(2),
        formatNumber(row.mse),
        formatPercent(row.accuracy),
      ]);
      console.log(formatTable(columns, cells));
    });
}
