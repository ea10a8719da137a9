// What goes wrong: wrong use is exit 2, all else exit 1; standard output stays empty and files stay as they were.

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import type { Result } from '../../src/core/result.ts';
import { bitlens, DIGITS, DIGITS_TEST, npy, QUICK, temporaryFolder, TINY } from './support.ts';

const folder = temporaryFolder();

const WRONG_USE: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /Usage: bitlens/],
  [['compress', TINY], /unknown command 'compress'/],
  [['inspect'], /missing required argument 'model'/],
  [['inspect', TINY, '--loud'], /unknown option '--loud'/],
  [['quantize', TINY, '--strategy', 'luck'], /'luck' is invalid.*amp, amp\+dp/],
  [['quantize', TINY, '--budget', 'gold=3'], /“gold” is no cost; the costs are bops/],
  [['quantize', TINY, '--budget', 'lut=many'], /'lut=many' is invalid.*It must be a number/],
  [['quantize', TINY, '--budget', 'lut'], /'lut' is invalid/],
  [['quantize', TINY, '--max-drop', 'little'], /It must be a number/],
  [['quantize', TINY, '--limit', '0'], /whole number, 1 or more/],
  [['quantize', TINY, '--scale', '1,,2'], /It must be a number, or a list with one number for each channel/],
  [['quantize', TINY, '--scale', '1,0,2'], /It must not be 0/],
  [['quantize', TINY, '--std', '1,-1,2'], /It must be greater than 0/],
  [['quantize', TINY, '--mean', '1,2,3', '--std', '1,2'], /given for 3 channels and for 2/],
  [
    ['evaluate', DIGITS, '--data', DIGITS_TEST, '--scale', '1,2,3'],
    /given for 3 channels; test\.npz: x_test has samples of shape 28×28, with 28\./,
  ],
  [['quantize', TINY, '--weight-bits', '8,40'], /Widths go from 1 to 16 bits/],
  [['quantize', TINY, '--weight-bits', ''], /must be a/],
  [['quantize', TINY, '--target', 'xc0'], /xc0/],
  [['quantize', TINY, '--labels', 'y.npy'], /--labels needs --data/],
  [['quantize', TINY, '--label-column', 'y'], /--label-column needs --data/],
  [['evaluate', TINY], /evaluate needs --data/],
  [['evaluate', TINY, '--data', 'x.npy', '--uniform', 'W8'], /“W8” is no pair of widths\. Write W8A8/],
  [
    ['evaluate', TINY, '--data', 'x.npy', '--uniform', 'W8A8', '--plan', 'p.json'],
    /either --plan or --uniform/,
  ],
  [['estimate', TINY], /estimate needs --plan or --uniform/],
];

test('wrong use: exit 2, and the thing is named', async () => {
  for (const [args, message] of WRONG_USE) {
    const { code, stdout, stderr } = await bitlens(args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, message);
    assert.equal(stdout, '', args.join(' '));
    assert.doesNotMatch(stderr, /^ +at /m, 'no stack');
  }
});

/** A whole Keras file whose architecture unpacks to 65 MB of spaces, more than any has. */
function zipBomb(): Uint8Array {
  return zipSync({ 'config.json': new Uint8Array(65 * 2 ** 20).fill(32) }, { level: 1 });
}

const h5 = readFileSync('test/fixtures/models/keras3/tiny.h5');
const whole = new Uint8Array(readFileSync(TINY));

const MODELS: readonly (readonly [name: string, content: () => Uint8Array | string, message: RegExp])[] = [
  ['truncated.h5', () => h5.subarray(0, h5.length / 2), /truncated\.h5/],
  ['cut.keras', () => whole.subarray(0, whole.length / 2), /cut\.keras/],
  ['bomb.keras', zipBomb, /bomb\.keras/],
  ['other.json', () => '{"name": "package", "version": "1.0.0"}', /other\.json/],
  ['empty.keras', () => new Uint8Array(), /empty\.keras/],
  ['notes.txt', () => 'hello', /notes\.txt/],
];

for (const [name, content, message] of MODELS) {
  test(`a model that is none (${name}): exit 1, the file is named`, async () => {
    const file = folder.write(name, content());
    const { code, stdout, stderr } = await bitlens(['inspect', file, '--json']);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.match(stderr, /^bitlens: .{20,}\.$/m);
    assert.doesNotMatch(stderr, /Unexpected error|^ +at /m);
  });
}

test('files that are not there are named', async () => {
  const missing = path.join(folder.path, 'missing');
  for (const args of [
    ['inspect', `${missing}.keras`],
    ['evaluate', TINY, '--data', `${missing}.npz`],
    ['evaluate', TINY, '--data', 'examples/digits/test.npz', '--labels', `${missing}.npy`],
    ['estimate', TINY, '--plan', `${missing}.json`],
  ]) {
    const { code, stderr, stdout } = await bitlens(args);
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, /missing\.(keras|npz|npy|json)/);
    assert.equal(stdout, '');
  }
});

const good = (count: number) => Array.from({ length: count * 36 }, (_, i) => Math.sin(i));
const samples = () => folder.write('good.npy', npy('<f4', [4, 6, 6, 1], good(4)));

const DATA: readonly (readonly [what: string, args: () => readonly string[], message: RegExp])[] = [
  [
    'of another shape',
    () => ['--data', folder.write('wide.npy', npy('<f4', [2, 5, 7, 1], good(2).slice(0, 70)))],
    /wide\.npy/,
  ],
  [
    'with NaN',
    () => ['--data', folder.write('nan.npy', npy('<f4', [2, 6, 6, 1], good(2).with(40, Number.NaN)))],
    /nan\.npy.*(sample|row) /i,
  ],
  [
    'with too few labels',
    () => ['--data', samples(), '--labels', folder.write('few.npy', npy('<i4', [3], [0, 1, 2]))],
    /few\.npy has 3 labels for the 4 samples of good\.npy/,
  ],
  [
    'with a class the model does not have',
    () => ['--data', samples(), '--labels', folder.write('high.npy', npy('<i4', [4], [0, 1, 2, 3]))],
    /high\.npy/,
  ],
  ['cut short', () => ['--data', folder.write('cut.npy', npy('<f4', [4, 6, 6, 1], good(2)))], /cut\.npy/],
];

for (const [what, args, message] of DATA) {
  test(`data ${what}: exit 1, the file is named, nothing is written and nothing lost`, async () => {
    const out = path.join(folder.path, `kept ${what}`);
    mkdirSync(out);
    writeFileSync(path.join(out, 'result.json'), 'mine');
    const { code, stdout, stderr } = await bitlens([
      'quantize',
      TINY,
      ...args(),
      ...QUICK,
      '--json',
      '--out',
      out,
    ]);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /Unexpected error|^ +at /m);
    assert.deepEqual(readdirSync(out), ['result.json']);
    assert.equal(readFileSync(path.join(out, 'result.json'), 'utf8'), 'mine');
  });
}

test('a plan for another model, and one that is none', async () => {
  const foreign = folder.write('foreign.json', '{"version": 1, "formats": {"conv9/weight": "int8"}}');
  const broken = folder.write('broken.json', '{"version": 1');
  for (const [plan, message] of [
    [foreign, /no slot named conv9\/weight/],
    [broken, /broken\.json is not JSON/],
  ] as const) {
    const { code, stderr } = await bitlens(['estimate', TINY, '--plan', plan]);
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
});

/** Far more candidates than are measured before it is stopped. */
const ALL = Array.from({ length: 16 }, (_, i) => 16 - i).join();
const LONG = ['--weight-bits', ALL, '--activation-bits', ALL, '--range', 'mse'];
const long = (out: string) => ['quantize', DIGITS, ...LONG, '--out', out];
const resultIn = (out: string) => JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8')) as Result;

test('Ctrl-C, which the whole process group gets, keeps what was found', async () => {
  const out = path.join(folder.path, 'interrupted');
  let sent = false;
  const { code, stderr, stdout } = await bitlens(long(out), (pid, progress) => {
    if (sent || !/^Sensitivity .* at /m.test(progress)) return;
    sent = true;
    process.kill(-pid, 'SIGINT');
  });
  assert.equal(code, 1);
  assert.match(stderr, /^bitlens: Cancelled; what was found until then is above\. With --out, .* goes on/m);
  assert.match(stdout, /^Wrote .*result\.json$/m);
  const result = resultIn(out);
  assert.equal(result.status, 'cancelled');
  assert.ok(result.sensitivity.slots.length > 0 && result.candidates.length >= 4);
});

test(
  'when the engine dies the last partial result is kept',
  { skip: process.platform !== 'linux' },
  async () => {
    const out = path.join(folder.path, 'died');
    let sent = false;
    const { code, stderr, stdout } = await bitlens(long(out), (pid, progress) => {
      // The first line of a stage names nothing, the second comes two seconds later: with a partial result by then.
      if (sent || !/^Sensitivity .* at /m.test(progress)) return;
      sent = true;
      const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
      process.kill(child, 'SIGKILL');
    });
    assert.equal(code, 1);
    assert.match(stderr, /engine stopped unexpectedly \(SIGKILL\).*run the command again to go on/);
    assert.equal(stdout, '');
    assert.equal(resultIn(out).status, 'interrupted');
    assert.ok(resultIn(out).sensitivity.slots.length > 0);
  },
);
