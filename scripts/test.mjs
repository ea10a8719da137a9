// npm test: builds BitLens and runs every check and test, also in a fresh clone with nothing installed.
//   npm test -- [part ...] [text] [--oldest]
// Parts: static, unit, integration, ui, package. With a text only the test files whose path contains it.
// --oldest takes the oldest VS Code that BitLens supports. The last line is "N passed, N failed" over everything.

import { ensureDependencies } from './setup/dependencies.mjs';
import { root } from './setup/paths.mjs';
import { runNode, secondsSince } from './setup/run.mjs';
import { runSuite } from './test/run-suite.mjs';
import { PARTS, selectSuites } from './test/suites.mjs';
import { ensureChromium } from './vscode/chromium.mjs';
import { ensureVSCode } from './vscode/runtime.mjs';

const total = { passed: 0, failed: 0 };
const summary = [];

process.chdir(root);
try {
  const { parts, filter } = readArguments(process.argv.slice(2));
  await ensureDependencies();
  await runAll(parts, filter);
} catch (error) {
  console.log(`\n✖ ${error.message}`);
  total.failed++;
}
if (summary.length > 0) console.log(`\n${summary.join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

function readArguments(args) {
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--oldest');
  if (unknown)
    throw new Error(`Unknown option ${unknown}. Usage: npm test -- [${PARTS.join('|')}] [text] [--oldest]`);
  if (args.includes('--oldest')) process.env.BITLENS_VSCODE = 'oldest';
  const words = args.filter((arg) => !arg.startsWith('-'));
  const texts = words.filter((word) => !PARTS.includes(word));
  if (texts.length > 1) throw new Error(`Only one text can be searched for, not "${texts.join('" and "')}".`);
  return { parts: words.filter((word) => PARTS.includes(word)), filter: texts[0] };
}

async function runAll(parts, filter) {
  if (!(await count({ name: 'build', check: () => runNode(['esbuild.mjs', '--tests']) }))) {
    throw new Error('Nothing more can be tested before the build is right.');
  }
  const suites = selectSuites(parts, filter);
  let vscode;
  for (const suite of suites) {
    if (suite.needsVSCode && vscode === undefined) vscode = await prepareVSCode();
    await count(suite);
  }
}

/** A failure here is shown once more, and counted, by each suite that wants to start VS Code. */
async function prepareVSCode() {
  if (process.env.VSCODE_TEST_HOST === 'desktop') return 'desktop';
  try {
    const { vscode } = await ensureVSCode();
    ensureChromium();
    return vscode;
  } catch (error) {
    console.log(`\n✖ ${error.message}`);
    return 'none';
  }
}

/** @param {Pick<import('./test/suites.mjs').Suite, 'name' | 'check'>} suite */
async function count(suite) {
  const start = Date.now();
  console.log(`\n${suite.name}`);
  const { passed, failed } = await runSuite(suite);
  total.passed += passed;
  total.failed += failed;
  const numbers = suite.check ? (failed > 0 ? 'failed' : 'passed') : `${passed} passed, ${failed} failed`;
  const line = `${failed > 0 ? '✖' : '✔'} ${suite.name}: ${numbers} (${secondsSince(start)})`;
  console.log(line);
  summary.push(line);
  return failed === 0;
}
