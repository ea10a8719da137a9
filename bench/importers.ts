// How far the values of imported models are from those of the frameworks, op by op, over all fixtures of the repository.
// An output of a network counts for every op it is computed from: what stands there for an op is an upper bound.
//   npm run bench -- importers [text in the name of a framework or op]

import type { Graph, NodeId } from '../src/core/ir/graph.ts';
import { formatTable } from '../src/cli/table.ts';
import { runGraph } from '../test/engine/runGraph.ts';
import { frameworkCases, type FrameworkCase } from '../test/support/frameworkCases.ts';

interface Tally {
  readonly cases: Set<string>;
  /** Largest |error| / largest |value| of an output. */
  worst: number;
  worstCase: string;
  exact: number;
  values: number;
}

async function main(): Promise<void> {
  const wanted = (process.argv[2] ?? '').toLowerCase();
  const tallies = new Map<string, Tally>();
  const failures: string[] = [];
  for (const one of frameworkCases()) {
    try {
      await measure(one, tallies);
    } catch (error) {
      failures.push(
        `${one.framework} ${one.name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  const lines = [...tallies]
    .filter(([key]) => key.toLowerCase().includes(wanted))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, tally]) => lineOf(key, tally));
  const right = 'right' as const;
  const columns = [
    { title: 'Framework' },
    { title: 'Op' },
    { title: 'Cases', align: right },
    { title: 'Values', align: right },
    { title: 'Max relative error', align: right },
    { title: 'Exact', align: right },
    { title: 'Where' },
  ];
  console.log(formatTable(columns, lines));
  console.log(`\n${summary(tallies)}`);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

function lineOf(key: string, { cases, values, worst, exact, worstCase }: Tally): string[] {
  const [framework, op] = key.split('\t');
  const where = worst > 0 ? worstCase : '';
  const share = `${((100 * exact) / values).toFixed(1)} %`;
  return [framework!, op!, `${cases.size}`, `${values}`, worst.toExponential(1), share, where];
}

function summary(tallies: ReadonlyMap<string, Tally>): string {
  const frameworks = new Map<string, { ops: number; cases: Set<string>; worst: number }>();
  for (const [key, { cases, worst }] of tallies) {
    const name = key.split('\t')[0]!;
    const sum = frameworks.get(name) ?? { ops: 0, cases: new Set(), worst: 0 };
    frameworks.set(name, sum);
    sum.ops++;
    for (const one of cases) sum.cases.add(one);
    sum.worst = Math.max(sum.worst, worst);
  }
  const right = 'right' as const;
  const columns = [
    { title: 'Framework' },
    { title: 'Ops', align: right },
    { title: 'Cases', align: right },
    { title: 'Max relative error', align: right },
  ];
  const lines = [...frameworks].map(([name, { ops, cases, worst }]) => [
    name,
    `${ops}`,
    `${cases.size}`,
    worst.toExponential(1),
  ]);
  return formatTable(columns, lines);
}

async function measure(one: FrameworkCase, tallies: Map<string, Tally>): Promise<void> {
  const graph = await one.open();
  const { batch, inputs, outputs } = await one.values();
  const found = await runGraph(graph, inputs, batch);
  for (const [at, expected] of outputs.entries()) {
    const { worst, exact } = compare(found[at]!, expected);
    for (const op of one.op === undefined ? opsBehind(graph, graph.outputs[at]!) : [one.op]) {
      const key = `${one.framework}\t${op}`;
      const tally = tallies.get(key) ?? { cases: new Set(), worst: 0, worstCase: '', exact: 0, values: 0 };
      tallies.set(key, tally);
      tally.cases.add(one.name);
      tally.exact += exact;
      tally.values += expected.length;
      if (worst <= tally.worst) continue;
      tally.worst = worst;
      tally.worstCase = one.name;
    }
  }
}

function compare(found: Float32Array, expected: Float32Array): { worst: number; exact: number } {
  if (found.length !== expected.length) return { worst: Infinity, exact: 0 };
  let [worst, largest, exact] = [0, 1e-6, 0];
  for (const [i, value] of expected.entries()) {
    const same = Object.is(value, found[i]) || value === found[i];
    if (same) exact++;
    const error = same ? 0 : Math.abs(value - found[i]!);
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  }
  return { worst: worst / largest, exact };
}

/** Classes of the layers that an output is computed from. */
function opsBehind(graph: Graph, output: NodeId): ReadonlySet<string> {
  const seen = new Set<NodeId>();
  const ops = new Set<string>();
  const pending = [output];
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    const node = graph.nodes[id]!;
    if (node.op.kind !== 'input') ops.add(graph.layers[node.layer]!.className);
    pending.push(...node.inputs);
  }
  return ops;
}

void main();
