// What `npm test` runs, in order. A suite is either one check, which passes or fails, or a program that runs many
// tests and writes how many passed and failed (run-suite.mjs). Read after the build: it looks at out/.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { bin, packagedFile, root } from '../setup/paths.mjs';
import { run, runNode } from '../setup/run.mjs';

/** Folders of unit tests: all of test/ that needs no VS Code. */
const WORLDS = ['core', 'engine', 'protocol', 'host', 'webview', 'cli', 'scripts'];

/** Longest a test file may take; a suite gets this much for every file. */
const UNIT_FILE_LIMIT_MS = 180_000;
const UI_FILE_LIMIT_MS = 600_000;
const INTEGRATION_LIMIT_MS = 1_200_000;

/** Parts that can be asked for by name: `npm test -- static unit`. */
export const PARTS = ['static', 'unit', 'integration', 'ui', 'package'];

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} part one of PARTS
 * @property {boolean} [needsVSCode]
 * @property {() => Promise<{ ok: boolean, output: string }>} [check]
 * @property {string[]} [files] test files, when it is a suite of tests
 * @property {(env: NodeJS.ProcessEnv) => Promise<{ ok: boolean, code: number | string }>} [tests]
 */

/**
 * @param {string[]} parts all when empty
 * @param {string} [filter] leave only test files whose path contains this, and suites that have such a file
 * @returns {Suite[]}
 */
export function selectSuites(parts, filter) {
  const suites = allSuites(filter).filter(({ part }) => parts.length === 0 || parts.includes(part));
  if (filter === undefined) return suites;
  const matching = suites.filter(({ files }) => files?.length > 0);
  if (matching.length === 0)
    throw new Error(`No test file has "${filter}" in its path. Parts: ${PARTS.join(', ')}.`);
  // The tests of the packaged extension want it packaged.
  return suites.filter((suite) => matching.includes(suite) || suite.name === 'package');
}

/** @returns {Suite[]} */
function allSuites(filter) {
  const unit = testFiles(WORLDS, filter);
  const integration = testFiles(['integration'], filter);
  const ui = testFiles(['ui'], filter);
  const needsVSCode = true;
  return [
    { name: 'type check', part: 'static', check: typeCheck },
    { name: 'lint', part: 'static', check: () => run(bin('eslint'), ['.', '--max-warnings=0']) },
    {
      name: 'format',
      part: 'static',
      check: () => run(bin('prettier'), ['--check', '--log-level=warn', '.']),
    },
    {
      name: 'texts for translators',
      part: 'static',
      check: () => runNode(['scripts/l10n.mjs', '--check']),
    },
    { name: 'unit', part: 'unit', files: unit, tests: (env) => nodeTests(unit, UNIT_FILE_LIMIT_MS, env) },
    {
      name: 'integration',
      part: 'integration',
      needsVSCode,
      files: integration,
      tests: (env) => integrationTests(filter ? integration : [], env),
    },
    { name: 'UI', part: 'ui', needsVSCode, files: ui, tests: (env) => uiTests(ui, env) },
    { name: 'package', part: 'package', check: () => runNode(['scripts/package.mjs']) },
    {
      name: 'UI, packaged',
      part: 'package',
      needsVSCode,
      files: ui,
      tests: (env) => uiTests(ui, { ...env, VSIX: packagedFile() }),
    },
  ];
}

const TYPE_CHECK_PROJECTS = ['tsconfig.json', 'webview/tsconfig.json', 'test/tsconfig.json'];

async function typeCheck() {
  const runs = [];
  for (const project of TYPE_CHECK_PROJECTS) runs.push(await run(bin('tsc'), ['-p', project]));
  return { ok: runs.every(({ ok }) => ok), output: runs.map(({ output }) => output).join('') };
}

/** Every file is a process of its own; as many run side by side as there are cores. */
function nodeTests(files, limit, env, options = []) {
  const reporter = path.join(root, 'scripts/test/node-reporter.mjs');
  const reporting = [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout'];
  const args = [
    '--enable-source-maps',
    '--test',
    `--test-timeout=${limit}`,
    ...reporting,
    ...options,
    ...files,
  ];
  return runNode(args, { env, show: true, timeout: limit * files.length });
}

/** One file after another: each has a VS Code and a browser to itself. */
const uiTests = (files, env) =>
  nodeTests(files, UI_FILE_LIMIT_MS, { ...env, BITLENS_TEST_LIST: '1' }, ['--test-concurrency=1']);

/** .vscode-test.mjs names the files unless some are asked for. */
const integrationTests = (files, env) =>
  run(
    bin('vscode-test'),
    files.flatMap((file) => ['--run', file]),
    {
      env,
      show: true,
      timeout: INTEGRATION_LIMIT_MS,
    },
  );

function testFiles(worlds, filter = '') {
  const files = worlds.flatMap((world) => filesBelow(path.join('out/test', world)));
  return files.filter((file) => file.endsWith('.test.js') && file.includes(filter)).sort();
}

function filesBelow(folder) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true }).map((file) => path.join(folder, file));
}
