// What the prefix cache saves in a sensitivity sweep: every measurement is made with the float activations kept and
// with none kept, in turn. Both must give the same metrics.

import assert from 'node:assert/strict';
import { createReporter } from '../src/engine/run/progress.ts';
import { calibrate } from '../src/engine/run/calibrate.ts';
import { createEvaluator, executorFor } from '../src/engine/evaluator.ts';
import { loadData } from '../src/engine/loadData.ts';
import { loadModel } from '../src/engine/loadModel.ts';
import { sweep, type Formats } from '../src/core/sensitivity/sweep.ts';
import { CALIBRATION_SAMPLES, DEFAULT_SETTINGS } from '../src/core/settings.ts';
import { formatTable } from '../src/cli/table.ts';
import { median, pair, spread } from './support/sideBySide.ts';
import { subjects, type Subject } from './support/subject.ts';

/** One width will do: the time of a measurement does not depend on it. */
const WIDTHS = [8];
const ROUNDS = 5;
/** No new round is begun after this. */
const PATIENCE_MS = 20_000;

interface Row {
  readonly kept: number[];
  readonly none: number[];
}

async function benchmark({ title, params }: Subject): Promise<void> {
  const { prepared } = await loadModel(params.model, params.calibration);
  const limit = Math.min(params.calibration.limit ?? CALIBRATION_SAMPLES, CALIBRATION_SAMPLES);
  const { dataset } = await loadData({ ...params.calibration, limit }, prepared.graph);
  const executor = executorFor(prepared);
  const silent = createReporter({ report: () => undefined, partial: () => null });
  const options = { ...DEFAULT_SETTINGS, range: 'mse' as const };
  const { evaluator, table, assigner } = await calibrate(
    executor,
    prepared,
    dataset,
    options,
    silent,
    undefined,
  );
  const bare = await createEvaluator(executor, prepared, dataset, { cacheBytes: 0 });

  const rows = new Map<string, Row>();
  const totals: number[] = [];
  const begin = performance.now();
  for (let round = 0; round < ROUNDS && performance.now() - begin < PATIENCE_MS; round++) {
    let subject = '';
    let [kept, none, step] = [0, 0, round];
    const measure = async (formats: Formats) => {
      const assignment = assigner.assign(formats);
      const { a, b } = await pair(
        step++ % 2 === 0,
        () => evaluator.measure(assignment),
        () => bare.measure(assignment),
      );
      assert.deepEqual(a.value, b.value, `${subject}: the cache changes the result`);
      const row = rows.get(subject) ?? { kept: [], none: [] };
      rows.set(subject, row);
      row.kept.push(a.ms);
      row.none.push(b.ms);
      kept += a.ms;
      none += b.ms;
      return a.value;
    };
    const problem = {
      groups: prepared.groups,
      formats: table,
      weightBits: WIDTHS,
      activationBits: WIDTHS,
      signal: undefined,
      floatAccuracy: null,
      measure,
    };
    const steps = sweep(problem, { groups: [], slots: [] });
    for await (const next of steps) subject = next.subject;
    totals.push(none / kept);
  }
  report(title, dataset.count, rows, totals);
  evaluator.dispose();
  bare.dispose();
  executor.dispose();
}

function report(
  title: string,
  samples: number,
  rows: ReadonlyMap<string, Row>,
  totals: readonly number[],
): void {
  const right = 'right' as const;
  console.log(`\n${title}, ${samples} samples, medians of ${totals.length} rounds\n`);
  const columns = [
    { title: 'Measured' },
    { title: 'cache on, ms', align: right },
    { title: 'off, ms', align: right },
    { title: 'off / on', align: right },
  ];
  const cells = [...rows].map(([subject, { kept, none }]) => [
    subject,
    median(kept).toFixed(1),
    median(none).toFixed(1),
    median(none.map((ms, i) => ms / kept[i]!)).toFixed(2),
  ]);
  console.log(formatTable(columns, cells));
  console.log(`\nWhole sweep, off / on: ${spread(totals)}`);
}

async function main(): Promise<void> {
  for (const subject of await subjects()) await benchmark(subject);
}

void main();
