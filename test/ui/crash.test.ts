// The engine dies in the middle of a run: the user is told, what was measured stays, and the run goes on from there.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { screenshot, useVSCode } from './support.ts';
import { answerToast, codeLensTexts, quickInput, runCommand, toast } from './workbench.ts';

const ui = useVSCode({ workspace: 'examples/digits', openFile: 'model.py' });

test('a killed engine is reported and its partial result is kept', async () => {
  const { page } = ui;
  await runCommand(page, 'BitLens: Quantize Model…');
  for (const step of [/Model to quantize/, /calibrate/, /make small/]) {
    await page.getByPlaceholder(step).waitFor();
    await quickInput(page).locator('.monaco-list-row').first().waitFor();
    await page.keyboard.press('Enter');
  }
  await toast(page, /Sensitivity|Searching/).waitFor();
  await new Promise((resolve) => setTimeout(resolve, 2500)); // a partial result is sent every two seconds
  killEngine();
  await toast(page, /analysis engine stopped unexpectedly/).waitFor();
  await screenshot(page, 'crash');
  assert.ok((await codeLensTexts(page)).length > 0);
});

test('the next run goes on and ends', async () => {
  const { page } = ui;
  await answerToast(page, /stopped unexpectedly/, 'Go On');
  await toast(page, /digits\.keras: recommended plan/).waitFor({ timeout: 300_000 });
});

/** Of the processes that run an engine the one below this test's VS Code server. */
function killEngine(): void {
  const engines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).some((part) => part.endsWith('/dist/engine.js')))
    .filter((pid) => ancestors(pid).includes(String(process.pid)));
  assert.equal(engines.length, 1);
  execFileSync('kill', ['-KILL', ...engines]);
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function ancestors(pid: string): string[] {
  try {
    const parent = /\nPPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    return parent === '0' ? [] : [parent, ...ancestors(parent)];
  } catch {
    return [];
  }
}
