// bitlens inspect MODEL: layers, shapes, parameters, work.

import type { Command } from 'commander';
import { printShape } from '../../core/ir/graph.ts';
import { modelRef } from '../options.ts';
import { printJson, withEngine } from '../session.ts';
import { formatNumber, formatTable } from '../table.ts';

export function addInspect(program: Command): void {
  program
    .command('inspect <model>')
    .description('list the layers of a model')
    .option('--weights <file>', 'weights stored apart from the architecture')
    .option('--json', 'machine-readable output')
    .action(async (model: string, options: { weights?: string; json?: boolean }) => {
      const found = await withEngine(({ engine }) =>
        engine.call('inspect', { model: modelRef(model, options.weights) }),
      );
      if (options.json) return printJson(found);
      console.log(`${found.name} (${found.framework})\n`);
      const columns = [
        { title: 'Layer' },
        { title: 'Class' },
        { title: 'Output', align: 'right' as const },
        { title: 'Parameters', align: 'right' as const },
        { title: 'MACs', align: 'right' as const },
      ];
      const rows = found.layers.map((layer) => [
        layer.id,
        layer.className,
        printShape(layer.outputShape),
        formatNumber(layer.parameters),
        formatNumber(layer.macs),
      ]);
      const total = ['Total', '', '', formatNumber(found.totals.parameters), formatNumber(found.totals.macs)];
      console.log(formatTable(columns, [...rows, total]));
    });
}
