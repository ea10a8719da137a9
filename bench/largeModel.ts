// Listing the layers of a large ONNX file: weights must not be read for that. Writes a model of matrix products into the
// folder for temporary files, lists its layers with the command line, and prints the time and the memory it took.
//   npm run bench -- largeModel [megabytes] [layers]

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { formatTable } from '../src/cli/table.ts';
import { createEngine } from '../src/protocol/engineClient.ts';
import {
  field,
  fieldHead,
  message,
  node,
  tensor,
  value,
  type NodeText,
} from '../test/support/onnxBuilder.ts';
import { median, timed } from './support/sideBySide.ts';

const MEGABYTE = 2 ** 20;
const ROUNDS = 3;

type Kind = 'float32' | 'int8';
const KINDS = {
  float32: { dataType: 1, bytes: 4 },
  int8: { dataType: 3, bytes: 1 },
} as const;

interface Size {
  readonly megabytes: number;
  readonly layers: number;
}

async function main(): Promise<void> {
  const [megabytes = 500, layers = 8] = process.argv.slice(2).map(Number);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-bench-'));
  try {
    const right = 'right' as const;
    const columns = [
      { title: 'Weights' },
      { title: 'File, MB', align: right },
      { title: 'Seconds', align: right },
      { title: 'Without a model, s', align: right },
      { title: 'Peak memory, MB', align: right },
    ];
    const rows: string[][] = [];
    for (const kind of ['float32', 'int8'] as const)
      rows.push(await measure(path.join(folder, `${kind}.onnx`), kind, { megabytes, layers }));
    console.log(formatTable(columns, rows));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(file: string, kind: Kind, size: Size): Promise<string[]> {
  const units = writeModel(file, kind, size);
  const bytes = statSync(file).size;
  const seconds: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { ms, value: text } = await timed(() => commandLine(['inspect', file, '--json']));
    const { totals } = JSON.parse(text) as { totals: { parameters: number } };
    assert.equal(totals.parameters, size.layers * units * (units + 1), 'parameters');
    seconds.push(ms / 1000);
    idle.push((await timed(() => commandLine(['--version']))).ms / 1000);
  }
  const memory = await peakMemory(file, path.dirname(file));
  rmSync(file);
  const numbers = [bytes / MEGABYTE, median(seconds), median(idle), memory / MEGABYTE];
  return [kind, ...numbers.map((number, at) => number.toFixed(at === 1 || at === 2 ? 2 : 0))];
}

async function commandLine(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli.js', ...args], {
    maxBuffer: 64 * MEGABYTE,
  });
  return stdout;
}

/** Makes a process say what memory it needed at most, also when it is ended from outside. */
const REPORT = `
  process.on('exit', () => require('node:fs').writeSync(2, '\\npeak ' + process.resourceUsage().maxRSS + '\\n'));
  process.on('SIGTERM', () => process.exit());
`;

/** Bytes that the engine, a process of its own, needs at most to list the layers. */
async function peakMemory(file: string, folder: string): Promise<number> {
  const hook = path.join(folder, 'report.cjs');
  writeFileSync(hook, REPORT);
  let report: (bytes: number) => void;
  const peak = new Promise<number>((resolve) => (report = resolve));
  const engine = createEngine({
    modulePath: path.resolve('dist/engine.js'),
    env: { NODE_OPTIONS: `--require=${JSON.stringify(hook)}` },
    onLog(line) {
      const found = /^peak (\d+)$/.exec(line);
      if (found) report(Number(found[1]) * 1024);
    },
  });
  await engine.call('inspect', { model: { path: file } });
  engine.dispose();
  return peak;
}

/**
 * x · w + b and ReLU, again and again; int8 weights stand behind a DequantizeLinear.
 * @returns the number of units of every layer
 */
function writeModel(file: string, kind: Kind, { megabytes, layers }: Size): number {
  const { dataType, bytes } = KINDS[kind];
  const units = Math.round(Math.sqrt((megabytes * MEGABYTE) / layers / bytes));
  const size = units * units * bytes;
  const each = Array.from({ length: layers }, (_, k) => k);
  const small = message(
    ...each.flatMap((k) => nodesOf(k, kind).map((one) => field(1, node(one)))),
    field(2, 'large'),
    ...each.map((k) => field(5, tensor(`b${k}`, [units], new Array<number>(units).fill(0)))),
    field(5, tensor('s', [], [2 ** -7])),
    field(11, value('x0', [1, units])),
    field(12, value(`x${layers}`, [1, units])),
  );
  const heads = each.map((k) => {
    const inner = message(
      ...[units, units].map((extent) => field(1, extent)),
      field(2, dataType),
      field(8, `w${k}`),
    );
    const head = message(inner, fieldHead(9, size));
    return message(fieldHead(5, head.length + size), head);
  });
  const graphSize = heads.reduce((sum, head) => sum + head.length + size, small.length);
  const target = openSync(file, 'w');
  writeSync(
    target,
    message(field(1, 8), field(8, message(field(1, ''), field(2, 17))), fieldHead(7, graphSize), small),
  );
  const block = Uint8Array.from({ length: MEGABYTE }, (_, i) => (i * 7919) % 251);
  for (const head of heads) {
    writeSync(target, head);
    for (let left = size; left > 0; left -= MEGABYTE) writeSync(target, block, 0, Math.min(left, MEGABYTE));
  }
  closeSync(target);
  return units;
}

function nodesOf(k: number, kind: Kind): readonly NodeText[] {
  const kernel = kind === 'int8' ? `d${k}` : `w${k}`;
  return [
    ...(kind === 'int8' ? [{ op: 'DequantizeLinear', in: [`w${k}`, 's'], out: [kernel] }] : []),
    { op: 'MatMul', in: [`x${k}`, kernel], out: [`m${k}`] },
    { op: 'Add', in: [`m${k}`, `b${k}`], out: [`a${k}`] },
    { op: 'Relu', in: [`a${k}`], out: [`x${k + 1}`] },
  ];
}

void main();
