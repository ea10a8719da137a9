// The main job: sensitivity of every group, search for mixed-precision plans, costs of all that was measured.

import { BitLensError } from '../../core/errors.ts';
import type { CostRow, Metrics, QuantizeSettings, Result } from '../../core/result.ts';
import { printBits, type Widths } from '../../core/search/bits.ts';
import { STRATEGIES } from '../../core/search/registry.ts';
import { formatsKey, type Formats, type SweepState } from '../../core/sensitivity/sweep.ts';
import { isTrainedQuantized, TRAINED_NOTE, trainedFormats } from '../../core/ir/trainedPlan.ts';
import { bindPlan } from '../../core/plan.ts';
import { FALLBACK_BITS, UNIFORM_WIDTHS } from '../../core/settings.ts';
import type { RunParams, RunProgress } from '../../protocol/engine.ts';
import type { CallContext } from '../../protocol/rpc.ts';
import { createLedger, runKey, type Ledger } from '../run/ledger.ts';
import { completeFormats, openRun, widthsOf, type Run } from '../run/openRun.ts';
import { createProblem } from '../run/problem.ts';
import { createReporter, type ProgressReporter } from '../run/progress.ts';
import { sensitivityOf } from '../run/sensitivityOf.ts';

/** Visits a search usually makes: for the estimate of the time that is left. */
const EXPECTED_VISITS = 30;

/** A cancelled run returns what it found; a finished result of the same inputs is returned as it is. */
export async function quantize(
  params: RunParams,
  { signal, report }: CallContext<RunProgress>,
  producer: Result['producer'],
): Promise<Result> {
  let job: Job | undefined;
  const reporter = createReporter({ report, partial: () => job?.ledger.result('interrupted') ?? null });
  const run = await openRun(params, reporter, signal);
  try {
    const earlier = params.resume?.key === runKey(run, producer) ? params.resume : undefined;
    if (earlier?.status === 'complete') return earlier;
    job = startJob(run, params, earlier, producer, reporter, signal);
    await uniforms(job);
    await asTrained(job);
    await sensitivity(job);
    await search(job);
    return job.ledger.result('complete');
  } catch (error) {
    if (job && BitLensError.is(BitLensError.from(error), 'cancelled')) return job.ledger.result('cancelled');
    throw error;
  } finally {
    run.dispose();
  }
}

interface Job {
  readonly run: Run;
  readonly ledger: Ledger;
  readonly reporter: ProgressReporter;
  readonly signal: AbortSignal;
  readonly rows: SweepState;
  widths: Widths;
  costTable: readonly CostRow[];
  /** How long one measurement of the whole network takes. */
  visitMs: number;
  measure(formats: Formats): Promise<Metrics>;
}

function startJob(
  run: Run,
  params: RunParams,
  earlier: Result | undefined,
  producer: Result['producer'],
  reporter: ProgressReporter,
  signal: AbortSignal,
): Job {
  const rows: SweepState = {
    groups: [...(earlier?.sensitivity.groups ?? [])],
    slots: [...(earlier?.sensitivity.slots ?? [])],
  };
  const known = new Map(
    earlier?.candidates.map(({ plan, metrics }) => [formatsKey(bindPlan(plan, run.prepared.slots)), metrics]),
  );
  const job: Job = {
    run,
    reporter,
    signal,
    rows,
    widths: widthsOf(run.settings),
    costTable: [],
    visitMs: 0,
    measure: (formats) => {
      const metrics = known.get(formatsKey(formats));
      return metrics ? Promise.resolve(metrics) : run.measureEvaluation(formats);
    },
    ledger: createLedger({
      run,
      params,
      sensitivity: rows,
      producer,
      costTable: () => job.costTable,
    }),
  };
  return job;
}

/** The networks everyone compares with. Wider candidates join when the widest ones alone lose too much. */
async function uniforms(job: Job): Promise<void> {
  const { reporter, run, widths } = job;
  const widest = { weight: Math.max(...widths.weight), activation: Math.max(...widths.activation) };
  const pairs = [widest, ...UNIFORM_WIDTHS.map((bits) => ({ weight: bits, activation: bits }))];
  await run.tryRanges({ weight: UNIFORM_WIDTHS, activation: UNIFORM_WIDTHS });
  reporter.stage('evaluate', pairs.length);
  const begin = Date.now();
  const drop = await measureUniform(job, widest);
  job.visitMs = Date.now() - begin;
  if (drop > (run.settings.maxDrop ?? Infinity) && needsFallback(run.settings)) {
    pairs.push(await widen(job, printBits(widest)));
    reporter.stage('evaluate', pairs.length);
  }
  for (const [k, pair] of pairs.entries()) {
    reporter.step(k, printBits(pair));
    await measureUniform(job, pair);
  }
}

/** Adds wider candidates; returns the widest pair. */
async function widen(job: Job, label: string): Promise<UniformBits> {
  const extended = (bits: readonly number[]): number[] => [...new Set([...FALLBACK_BITS, ...bits])];
  job.widths = { weight: extended(job.widths.weight), activation: extended(job.widths.activation) };
  job.ledger.note(
    `${label} loses more than accepted, so candidates of ${FALLBACK_BITS.join(' and ')} bits were added.`,
  );
  await job.run.tryRanges(job.widths);
  return { weight: FALLBACK_BITS[0]!, activation: FALLBACK_BITS[0]! };
}

function needsFallback({ weightBits, activationBits }: QuantizeSettings): boolean {
  return Math.max(...weightBits, ...activationBits) < FALLBACK_BITS[0]!;
}

interface UniformBits {
  readonly weight: number;
  readonly activation: number;
}

async function measureUniform(
  { run, ledger, measure }: Job,
  pair: { weight: number; activation: number },
): Promise<number> {
  const formats = completeFormats(run, (g) => {
    const hasWeights = run.prepared.groups[g]!.weights.length > 0;
    return { weight: hasWeights ? pair.weight : null, activation: pair.activation };
  });
  const metrics = await measure(formats);
  return ledger.add({
    formats,
    metrics,
    label: printBits(pair),
    origin: 'uniform',
    flips: [],
    predictedDrop: null,
  }).drop;
}

/** The plan that a quantized model already follows, to compare with. */
async function asTrained({ run, ledger, measure }: Job): Promise<void> {
  const { slots } = run.prepared;
  if (!isTrainedQuantized(slots)) return;
  ledger.note(`${TRAINED_NOTE}; what is lost is counted from there`);
  const formats = trainedFormats(slots);
  if (!formats) return;
  const seen = { label: 'as trained', origin: 'trained', flips: [], predictedDrop: null } as const;
  ledger.add({ ...seen, formats, metrics: await measure(formats) });
}

async function sensitivity({ run, reporter, rows, widths, visitMs, signal }: Job): Promise<void> {
  reporter.stage('sensitivity', 1, visitMs * EXPECTED_VISITS);
  for await (const { step, of, subject } of sensitivityOf(run, widths, rows, signal))
    reporter.step(step, subject, of);
}

async function search(job: Job): Promise<void> {
  const { run, ledger, widths, rows, signal, measure, reporter } = job;
  const problem = createProblem({ run, ledger, widths, sensitivity: rows.groups, signal, measure });
  const { objective, strategy: wanted } = run.settings;
  job.costTable = problem.costTable;
  reporter.stage('search', EXPECTED_VISITS, 0);
  let step = 0;
  for await (const seen of STRATEGIES.find(({ id }) => id === wanted)!.search(problem)) {
    ledger.add({ ...seen, formats: problem.formatsOf(seen.choice) });
    const best = ledger.best();
    reporter.best(best ? { label: best.label, drop: best.drop, cost: best.costs[objective] ?? 0 } : null);
    reporter.step(++step, seen.label, Math.max(step, EXPECTED_VISITS));
  }
  if (!ledger.best()) ledger.note(missed(run.settings));
}

function missed({ maxDrop, budget }: QuantizeSettings): string {
  const limits = Object.entries(budget).map(([name, bound]) => `${name} ≤ ${bound}`);
  if (maxDrop !== null) limits.push(`drop ≤ ${maxDrop}`);
  return `No measured plan respects ${limits.join(', ')}. The front shows how close one can come.`;
}
