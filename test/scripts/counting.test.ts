// Holds scripts/test/: whatever happens to tests, `npm test` must count it, and must not call a crash a success.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}
interface Suite {
  readonly name: string;
  readonly files?: readonly string[];
  readonly tests?: (env: NodeJS.ProcessEnv) => Promise<{ ok: boolean; code: number }>;
  readonly check?: () => Promise<{ ok: boolean; output: string }>;
}

const folder = mkdtempSync(path.join(tmpdir(), 'bitlens-counting-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs test files made of these bodies under our reporter. */
function report(...bodies: string[]): { counts: Counts; output: string } {
  const files = bodies.map((body, index) => {
    const file = path.join(folder, `${index}.test.cjs`);
    writeFileSync(file, `const { test, describe, before, after } = require('node:test');\n${body}`);
    return file;
  });
  const results = path.join(folder, 'counts.json');
  const reporter = ['--test-reporter=./scripts/test/node-reporter.mjs', '--test-reporter-destination=stdout'];
  const env: NodeJS.ProcessEnv = { ...process.env, BITLENS_TEST_RESULTS: results };
  delete env['NODE_TEST_CONTEXT']; // set for us by the outer run, it would redirect the inner one
  delete env['BITLENS_TEST_LIST'];
  const { stdout } = spawnSync(process.execPath, ['--test', ...reporter, ...files], {
    env,
    encoding: 'utf8',
  });
  return { counts: JSON.parse(readFileSync(results, 'utf8')) as Counts, output: stdout };
}

async function runSuite(suite: Suite): Promise<Counts> {
  const module: unknown = await import(pathToFileURL(path.resolve('scripts/test/run-suite.mjs')).href);
  return (module as { runSuite(suite: Suite): Promise<Counts> }).runSuite(suite);
}

/** A suite whose program leaves this text as its counts and ends with this code. */
const suiteThat = (text: string, code: number): Suite => ({
  name: 'invented',
  files: ['one'],
  tests: (env) => {
    writeFileSync(env['BITLENS_TEST_RESULTS'] ?? '', text);
    return Promise.resolve({ ok: code === 0, code });
  },
});

test('passed and failed tests count, in groups too; skipped, todo and the groups themselves do not', () => {
  const { counts, output } = report(`
    test('good', () => {});
    test('skipped', { skip: true }, () => {});
    test('todo', { todo: true }, () => { throw new Error('later'); });
    describe('group', () => {
      test('inner good', () => {});
      test('inner bad', () => { throw new Error('the reason'); });
    });`);
  assert.deepEqual(counts, { passed: 2, failed: 1 });
  assert.match(output, /✖ .*0\.test\.cjs: group > inner bad\n\s+Error: the reason/);
  assert.doesNotMatch(output, /good|later/);
});

test('a file that crashes fails and shows what it printed', () => {
  const { counts, output } = report(`test('good', () => {});`, `throw new Error('at once');`);
  assert.deepEqual(counts, { passed: 1, failed: 1 });
  assert.match(output, /1\.test\.cjs printed:[^]*Error: at once[^]*✖ .*1\.test\.cjs: the file itself/);
});

test('a file that runs no test, or leaves before they are done, fails', () => {
  const { counts } = report(`test('good', () => {});`, ``, `test('leaves', () => process.exit(0));`);
  assert.deepEqual(counts, { passed: 1, failed: 2 });
});

test('a hook that fails counts, before or after its tests', () => {
  const { counts } = report(
    `before(() => { throw new Error('x'); }); test('never runs', () => {});`,
    `after(() => { throw new Error('x'); }); test('runs', () => {});`,
  );
  assert.deepEqual(counts, { passed: 1, failed: 2 });
});

test('a suite counts what its tests wrote', async () => {
  assert.deepEqual(await runSuite(suiteThat('{"passed":3,"failed":0}', 0)), { passed: 3, failed: 0 });
  assert.deepEqual(await runSuite(suiteThat('{"passed":3,"failed":2}', 1)), { passed: 3, failed: 2 });
});

test('a suite fails when code and counts disagree, when nothing ran, and when there are no counts', async () => {
  assert.deepEqual(await runSuite(suiteThat('{"passed":3,"failed":0}', 1)), { passed: 3, failed: 1 });
  assert.deepEqual(await runSuite(suiteThat('{"passed":3,"failed":2}', 0)), { passed: 3, failed: 3 });
  assert.deepEqual(await runSuite(suiteThat('{"passed":0,"failed":0}', 0)), { passed: 0, failed: 1 });
  assert.deepEqual(await runSuite(suiteThat('{"passed":3,', 0)), { passed: 0, failed: 1 });
  assert.deepEqual(await runSuite({ ...suiteThat('', 0), files: [] }), { passed: 0, failed: 1 });
});

test('a check counts as one', async () => {
  const check = (ok: boolean) => () => Promise.resolve({ ok, output: 'found' });
  assert.deepEqual(await runSuite({ name: 'good', check: check(true) }), { passed: 1, failed: 0 });
  assert.deepEqual(await runSuite({ name: 'bad', check: check(false) }), { passed: 0, failed: 1 });
});
