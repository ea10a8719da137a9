// `amp+dp` against `amp` (arXiv 2302.05397) on the same sensitivity list: the fewest bit operations each finds for a
// drop that is accepted, and how many networks each had to measure. `amp+dp` must never be the worse.

import { formatsKey, type SweepState } from '../src/core/sensitivity/sweep.ts';
import { STRATEGIES } from '../src/core/search/registry.ts';
import type { Strategy } from '../src/core/search/strategy.ts';
import type { Candidate } from '../src/core/result.ts';
import { createLedger } from '../src/engine/run/ledger.ts';
import { openRun, widthsOf, type Run } from '../src/engine/run/openRun.ts';
import { createProblem } from '../src/engine/run/problem.ts';
import { createReporter } from '../src/engine/run/progress.ts';
import { sensitivityOf } from '../src/engine/run/sensitivityOf.ts';
import type { RunParams } from '../src/protocol/engine.ts';
import { formatNumber, formatPercent, formatTable } from '../src/cli/table.ts';
import { subjects, type Subject } from './support/subject.ts';

/** Largest accepted drops: 0.01 is one point of accuracy. */
const DROPS = [0.005, 0.01, 0.02, 0.05];
/** Fewer candidates than by default, to keep the sweep of a large model short. */
const GIVEN_WIDTHS = { weightBits: [8, 6, 4, 3], activationBits: [8, 6, 4] };

const { signal } = new AbortController();
const SILENT = createReporter({ report: () => undefined, partial: () => null });

interface Found {
  readonly best: Candidate | undefined;
  readonly measurements: number;
}

async function benchmark({ title, given, params }: Subject): Promise<void> {
  const settings = { ...params.settings, ...(given ? GIVEN_WIDTHS : {}) };
  const run = await openRun({ ...params, settings }, SILENT, signal);
  const sensitivity = await measureSensitivity(run);
  const rows: string[][] = [];
  for (const maxDrop of DROPS) {
    const [amp, dp] = [
      await search('amp', run, params, sensitivity, maxDrop),
      await search('amp+dp', run, params, sensitivity, maxDrop),
    ];
    const [ampBops, dpBops] = [amp.best?.costs.bops, dp.best?.costs.bops];
    const ratio = (dpBops ?? Infinity) / (ampBops ?? Infinity);
    if (ratio > 1) process.exitCode = 1;
    rows.push([
      formatPercent(maxDrop),
      formatNumber(ampBops),
      formatNumber(dpBops),
      Number.isNaN(ratio) ? 'neither' : `${ratio.toFixed(3)}${ratio > 1 ? ' WORSE' : ''}`,
      formatPercent(amp.best?.drop, 2),
      formatPercent(dp.best?.drop, 2),
      String(amp.measurements),
      String(dp.measurements),
    ]);
  }
  const heads = ['BOPs amp', 'amp+dp', 'ratio', 'drop amp', 'amp+dp', 'measured amp', 'amp+dp'];
  const columns = ['Accepted', ...heads].map((head) => ({ title: head, align: 'right' as const }));
  const { description, samples } = run.evaluationData;
  console.log(`\n${title}, measured on ${samples} samples of ${description}`);
  console.log(`${sensitivity.groups.length} group rows, ranking by ${run.ranking}\n`);
  console.log(formatTable(columns, rows));
  run.dispose();
}

async function measureSensitivity(run: Run): Promise<SweepState> {
  const state: SweepState = { groups: [], slots: [] };
  const widths = widthsOf(run.settings);
  for await (const { step, of } of sensitivityOf(run, widths, state, signal)) {
    if (step % 50 === 0) console.error(`sensitivity ${step}/${of}`);
  }
  return state;
}

/** Distinct networks the strategy asks for; `run` remembers answers, so that what amp measured is free for amp+dp. */
async function search(
  id: Strategy['id'],
  opened: Run,
  params: RunParams,
  sensitivity: SweepState,
  maxDrop: number,
): Promise<Found> {
  const run: Run = { ...opened, settings: { ...opened.settings, strategy: id, maxDrop } };
  const producer = { version: '', backend: '' };
  const ledger = createLedger({ run, params, sensitivity, costTable: () => [], producer });
  const asked = new Set<string>();
  const problem = createProblem({
    run,
    ledger,
    widths: widthsOf(run.settings),
    sensitivity: sensitivity.groups,
    signal,
    measure(formats) {
      asked.add(formatsKey(formats));
      return run.measureEvaluation(formats);
    },
  });
  const strategy = STRATEGIES.find((one) => one.id === id)!;
  for await (const seen of strategy.search(problem)) {
    ledger.add({ ...seen, formats: problem.formatsOf(seen.choice) });
  }
  return { best: ledger.best(), measurements: asked.size };
}

async function main(): Promise<void> {
  for (const subject of await subjects()) await benchmark(subject);
}

void main();
