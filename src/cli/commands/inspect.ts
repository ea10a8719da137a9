// bitlens inspect MODEL: layers, shapes, parameters, work; the tensors of a file that holds weights only.

import type { Command } from 'commander';
import { shortFormat } from '../../core/quantizers/shortFormat.ts';
import type { SlotSummary } from '../../core/result.ts';
import { printShape } from '../../core/ir/graph.ts';
import { addModelOptions, modelRef, type ModelOptions } from '../options.ts';
import { printJson, withEngine } from '../session.ts';
import { formatNumber, formatTable } from '../table.ts';
import { printTensors } from '../tensorTable.ts';

export function addInspect(program: Command): void {
  const command = program
    .command('inspect <model>')
    .description('list the layers of a model, or the tensors of a file of weights');
  addModelOptions(command)
    .option('--json', 'machine-readable output')
    .action(async (model: string, options: ModelOptions & { readonly json?: boolean }) => {
      const ref = { model: modelRef(model, options) };
      const found = await withEngine(
        async ({ engine }) => (await engine.call('listTensors', ref)) ?? engine.call('inspect', ref),
      );
      if (options.json) return printJson(found);
      if ('tensors' in found) return console.log(printTensors(found));
      console.log(`${found.name} (${found.framework})\n`);
      const isQuantized = found.slots.some(({ trained }) => trained !== undefined);
      const columns = [
        { title: 'Layer' },
        { title: 'Class' },
        { title: 'Output', align: 'right' as const },
        { title: 'Parameters', align: 'right' as const },
        { title: 'MACs', align: 'right' as const },
        ...(isQuantized ? [{ title: 'As trained' }] : []),
      ];
      const rows = found.layers.map((layer) => [
        layer.id,
        layer.className,
        printShape(layer.outputShape),
        formatNumber(layer.parameters),
        formatNumber(layer.macs),
        ...(isQuantized ? [trainedIn(layer.id, found.slots)] : []),
      ]);
      const { parameters, macs } = found.totals;
      const blank = isQuantized ? [''] : [];
      const total = ['Total', '', '', formatNumber(parameters), formatNumber(macs), ...blank];
      console.log(formatTable(columns, [...rows, total]));
    });
}

/** The quantizers that the file has in a layer: `weight int8 scale=0.02, activation …`. */
function trainedIn(layer: string, slots: readonly SlotSummary[]): string {
  const own = slots.filter((slot) => slot.layer === layer && slot.trained !== undefined);
  return own.map(({ id, trained }) => `${id.slice(layer.length + 1)} ${shortFormat(trained!)}`).join(', ');
}
