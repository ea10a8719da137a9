// Integration tests: mocha inside VS Code's extension host, started by @vscode/test-cli (`npx vscode-test`).
//   VSCODE_TEST_HOST=desktop   in a desktop VS Code that test-cli downloads, not in the one from npm
//   BITLENS_VSCODE=oldest      in the oldest version that BitLens supports

import { defineConfig } from '@vscode/test-cli';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chosenVersion } from './scripts/vscode/versions.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Tests may write into their workspace, so each run has a copy of its own. Beside the fixture it holds the digits example
 * and, in `prepared`, a real result of it.
 */
function workspaceCopy() {
  const copy = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'bitlens-workspace-'));
  cpSync(here('test/fixtures/workspace'), copy, { recursive: true });
  cpSync(here('examples/digits'), path.join(copy, 'digits'), { recursive: true });
  prepareResult(path.join(copy, 'digits'), path.join(copy, 'prepared'));
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  return copy;
}

/** A short run of the command line: few samples, few widths. */
function prepareResult(example, out) {
  if (!existsSync(here('dist/cli.js'))) throw new Error('Build first: npm run build.');
  const data = ['--data', path.join(example, 'calibration.npz'), '--limit', '32'];
  const widths = ['--weight-bits', '8,4', '--activation-bits', '8,4'];
  const args = [path.join(example, 'digits.keras'), ...data, ...widths, '--out', out];
  execFileSync(process.execPath, [here('dist/cli.js'), 'quantize', ...args], { stdio: 'pipe' });
}

const desktop = process.env.VSCODE_TEST_HOST === 'desktop';

export default defineConfig({
  label: 'integration',
  files: 'out/test/integration/**/*.test.js',
  workspaceFolder: workspaceCopy(),
  extensionDevelopmentPath: here('.'),
  skipExtensionDependencies: true,
  mocha: {
    ui: 'bdd',
    timeout: 60_000,
    // scripts/test.mjs wants the counts in a file; by hand it is mocha's own spec reporter.
    ...(process.env.BITLENS_TEST_RESULTS ? { reporter: here('scripts/test/mocha-reporter.cjs') } : {}),
  },
  ...(desktop
    ? { version: process.env.BITLENS_VSCODE ? chosenVersion().vscode : 'stable' }
    : { useInstallation: { fromPath: here('scripts/vscode/fake-code.mjs') } }),
  coverage: { exclude: ['**/scripts/**', '**/test/**'] },
});
