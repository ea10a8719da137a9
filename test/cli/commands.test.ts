import { parse as parseCsv } from 'csv-parse/sync';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import type { Result } from '../../src/core/result.ts';
import type {
  EstimateResult,
  EvaluateResult,
  InspectResult,
  SensitivityResult,
} from '../../src/protocol/engine.ts';
import { bitlens, DIGITS, DIGITS_TEST, json, npy, QUICK, temporaryFolder, TINY } from './support.ts';

const folder = temporaryFolder();

test('--help and --version are answered on standard output', async () => {
  const help = await bitlens(['--help']);
  assert.equal(help.code, 0);
  for (const name of ['inspect', 'evaluate', 'sensitivity', 'quantize', 'estimate'])
    assert.match(help.stdout, new RegExp(`^  ${name} `, 'm'));
  assert.equal(help.stderr, '');
  const own = await bitlens(['quantize', '--help']);
  assert.equal(own.code, 0);
  for (const option of ['--data', '--label-column', '--budget', '--out', '--json'])
    assert.ok(own.stdout.includes(option));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  assert.deepEqual(await bitlens(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('inspect lists layers', async () => {
  const found = await json<InspectResult>(['inspect', DIGITS]);
  assert.deepEqual(
    found.layers
      .filter(({ macs }) => macs > 0)
      .map(({ id, parameters, macs }) => `${id} ${parameters} ${macs}`),
    ['conv1 72 48672', 'conv2 1152 139392', 'dense 12832 12800', 'digit 330 320'],
  );
  assert.deepEqual(found.inputs[0]!.shape, [28, 28, 1]);
  const { code, stdout } = await bitlens(['inspect', DIGITS]);
  assert.equal(code, 0);
  assert.match(stdout, /^conv2 +Conv2D +11×11×16 +1,152 +139,392$/m);
  assert.match(stdout, /^Total +\S+ +201,184$/m);
});

test('weights beside an architecture are read', async () => {
  const base = 'test/fixtures/models/keras2';
  const found = await json<InspectResult>([
    'inspect',
    `${base}/tiny.json`,
    '--weights',
    `${base}/tiny_weights.h5`,
  ]);
  assert.equal(found.totals.parameters, 55);
});

test('evaluate measures accuracy, with and without quantizers', async () => {
  const args = ['evaluate', DIGITS, '--data', DIGITS_TEST, '--limit', '64'];
  const float = await json<EvaluateResult>(args);
  assert.equal(float.samples, 64);
  assert.ok(float.accuracy! > 0.95 && float.auc! > 0.99 && float.loss! < 0.2);
  assert.equal(float.sqnr, null);
  assert.match(float.stderr, /^Evaluating /m);
  const wide = await json<EvaluateResult>([...args, '--uniform', 'W8A8']);
  assert.equal(wide.accuracy, float.accuracy);
  assert.ok(wide.sqnr! > 25 && wide.agreement === 1);
  const text = await bitlens([...args, '--uniform', 'w4a4', '--family', 'int']);
  assert.equal(text.code, 0);
  assert.match(text.stdout, /^Accuracy +\d+\.\d\d %$/m);
  assert.match(text.stdout, /^SQNR +\d+\.\d dB$/m);
});

test('a column of a table can be the label', async () => {
  const model = 'test/fixtures/models/keras3/tiny.keras';
  const rows = Array.from({ length: 6 }, (_, row) => [...Array<number>(36).fill(row / 6), row % 3]);
  const head = [...Array.from({ length: 36 }, (_, i) => `p${i}`), 'kind'];
  const file = folder.write('table.csv', [head, ...rows].map((row) => `${row.join(',')}\n`).join(''));
  const named = await json<EvaluateResult>(['evaluate', model, '--data', file, '--label-column', 'kind']);
  const numbered = await json<EvaluateResult>(['evaluate', model, '--data', file, '--label-column', '37']);
  assert.equal(named.samples, 6);
  assert.ok(named.accuracy !== null);
  assert.deepEqual({ ...numbered, stderr: '' }, { ...named, stderr: '' });
});

test('sensitivity lists every group at every candidate, least harmful first', async () => {
  const found = await json<SensitivityResult>(['sensitivity', DIGITS, '--data', DIGITS_TEST, ...QUICK]);
  assert.equal(found.status, 'complete');
  assert.ok(found.rows.length >= 8);
  for (const { group, format, sqnr, kl, mse, accuracy } of found.rows) {
    assert.ok(found.groups.some(({ id }) => id === group));
    assert.match(format, /^(W[84])?A[84]$/);
    assert.ok([sqnr, kl, mse, accuracy].every((value) => typeof value === 'number'));
  }
  const losses = found.rows.map(({ kl }) => kl!);
  assert.deepEqual(
    losses,
    losses.toSorted((a, b) => a - b),
  );
  assert.match(found.stderr, /^Sensitivity /m);
});

test('estimate prices a plan on a part', async () => {
  const args = ['estimate', TINY, '--uniform', 'W6A6', '--target', 'xc7a200t'];
  const found = await json<EstimateResult>(args);
  assert.equal(found.part, 'xc7a200t');
  assert.ok(found.total.lut! > 0 && found.total.bops! > 0);
  assert.ok(found.utilization.lut! > 0 && found.utilization.lut! < 1);
  assert.ok(found.basis.lut!.source.length > 0);
  const folded = await json<EstimateResult>([...args, '--reuse', '4']);
  assert.notEqual(folded.total.latency, found.total.latency);
  const { code, stdout } = await bitlens(args);
  assert.equal(code, 0);
  assert.match(stdout, /^Total /m);
  assert.match(stdout, /^of xc7a200t /m);
});

test('quantize writes its files, and its plan evaluates to the same metrics', async () => {
  const out = path.join(folder.path, 'digits');
  const data = ['--data', DIGITS_TEST];
  const result = await json<Result>([
    'quantize',
    DIGITS,
    ...data,
    ...QUICK,
    '--range',
    'minmax',
    '--family',
    'fixed',
    '--out',
    out,
  ]);
  assert.deepEqual(readdirSync(out).sort(), ['hls4ml.yml', 'plan.json', 'report.csv', 'result.json']);
  const { stderr, ...printed } = result;
  assert.match(stderr, /^Searching /m);
  assert.deepEqual(JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8')), printed);

  const chosen = result.candidates[result.chosen!]!;
  const plan = path.join(out, 'plan.json');
  const evaluated = await json<EvaluateResult>([
    'evaluate',
    DIGITS,
    ...data,
    '--limit',
    '16',
    '--plan',
    plan,
  ]);
  assert.deepEqual(
    [evaluated.sqnr, evaluated.accuracy, evaluated.agreement],
    [chosen.metrics.sqnr, chosen.metrics.accuracy, chosen.metrics.agreement],
  );
  const estimated = await json<EstimateResult>([
    'estimate',
    DIGITS,
    ...data,
    '--limit',
    '16',
    '--plan',
    plan,
  ]);
  assert.deepEqual(estimated.total, chosen.costs);

  const yaml = parseYaml(readFileSync(path.join(out, 'hls4ml.yml'), 'utf8')) as {
    HLSConfig: { LayerName: Record<string, { Precision: Record<string, string> }> };
  };
  for (const name of ['conv1', 'conv2', 'dense', 'digit'])
    assert.match(yaml.HLSConfig.LayerName[name]!.Precision['weight']!, /^fixed<\d+,-?\d+,RND_CONV,SAT>$/);
  const rows = parseCsv<Record<string, string>>(readFileSync(path.join(out, 'report.csv'), 'utf8'), {
    columns: true,
  });
  assert.equal(rows.find(({ layer }) => layer === 'conv1')!['weight'], chosen.plan['conv1/weight']);
});

test('the same command goes on where it was, and ends with the same bytes', async () => {
  const out = path.join(folder.path, 'resumed');
  const args = ['quantize', TINY, ...QUICK, '--out', out];
  const first = await bitlens(args);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^Recommended plan: /m);
  assert.match(first.stdout, /^Note: synthetic calibration \(seed 1\)$/m);
  assert.ok(first.stdout.includes(`Wrote ${path.join(out, 'plan.json')}`));
  const file = path.join(out, 'result.json');
  const whole = readFileSync(file, 'utf8');
  const result = JSON.parse(whole) as Result;
  const sensitivity = { groups: [], slots: result.sensitivity.slots.slice(0, 5) };
  const half = { ...result, status: 'interrupted', sensitivity, candidates: result.candidates.slice(0, 3) };
  for (const content of [JSON.stringify(half), whole, 'no JSON']) {
    writeFileSync(file, content);
    assert.equal((await bitlens(args)).code, 0);
    assert.equal(readFileSync(file, 'utf8'), whole);
  }
});

test('formats hls4ml has no types for: the other files are written, and why not this one', async () => {
  const out = path.join(folder.path, 'int');
  const { code, stderr, stdout } = await bitlens([
    'quantize',
    TINY,
    ...QUICK,
    '--family',
    'int',
    '--json',
    '--out',
    out,
  ]);
  assert.equal(code, 0);
  assert.match(stderr, /hls4ml\.yml was not written: hls4ml has no type/);
  assert.deepEqual(readdirSync(out).sort(), ['plan.json', 'report.csv', 'result.json']);
  assert.equal((JSON.parse(stdout) as Result).settings.family, 'int');
});

test('a budget nothing can meet: exit 1, and how close one can come is still told', async () => {
  const out = path.join(folder.path, 'missed');
  const { code, stdout, stderr } = await bitlens([
    'quantize',
    TINY,
    ...QUICK,
    '--budget',
    'lut=1',
    '--json',
    '--out',
    out,
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /No plan respects the limits.*lut ≤ 1/);
  const result = JSON.parse(stdout) as Result;
  assert.equal(result.chosen, null);
  assert.ok(result.front.length > 0);
  assert.deepEqual(readdirSync(out), ['result.json']);
});

test('samples and labels in files of their own', async () => {
  const samples = folder.write(
    'x.npy',
    npy(
      '<f4',
      [8, 6, 6, 1],
      Array.from({ length: 288 }, (_, i) => Math.sin(i)),
    ),
  );
  const labels = folder.write('y.npy', npy('<i4', [8], [0, 1, 2, 0, 1, 2, 0, 1]));
  const found = await json<EvaluateResult>(['evaluate', TINY, '--data', samples, '--labels', labels]);
  assert.equal(found.samples, 8);
  assert.ok(found.accuracy !== null && found.loss! > 0);
  assert.ok(existsSync(samples));
});

test('preprocessing: scale and offset, mean and deviation, for all values or channel by channel', async () => {
  const rows = Array.from({ length: 4 }, (_, row) =>
    Array.from({ length: 36 }, (_, i) => Math.round(20 * Math.sin(i + 9 * row))),
  );
  const file = folder.write('pixels.csv', rows.map((row) => `${row.join(',')}\n`).join(''));
  const labels = folder.write('classes.npy', npy('<i4', [4], [0, 1, 2, 0]));
  const evaluate = async (...options: string[]) =>
    await json<EvaluateResult>(['evaluate', TINY, '--data', file, '--labels', labels, ...options]);
  const list = (value: string) => Array<string>(36).fill(value).join(',');
  const plain = await evaluate('--scale', '1/8', '--offset', '-0.5');
  assert.ok(plain.notes.includes('values enter as x·0.125 − 0.5'));
  const same = [
    await evaluate('--scale', '1/4', '--mean', '1', '--std', '2'),
    await evaluate('--scale', list('0.125'), '--offset', list('-0.5')),
    await evaluate('--mean', list('4'), '--std', '8'),
  ];
  assert.ok(plain.loss !== (await evaluate()).loss);
  for (const { loss } of same) assert.equal(loss, plain.loss);
  assert.ok(same[2]!.notes.some((note) => /as x·0\.125 − 0\.5, .* … \(36 channels\)$/.test(note)));
  const other = await evaluate('--scale', '1/8', '--offset', list('-0.5').replaceAll('-0.5,-0.5', '-0.5,3'));
  assert.notEqual(other.loss, plain.loss);
});
