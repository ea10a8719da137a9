// The main job as a user does it, in the real editor: palette, three times Enter, then lens, hover, heatmap and Pareto.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { screenshot, useVSCode } from './support.ts';
import {
  answerToast,
  codeLensTexts,
  hoverOver,
  quickInput,
  runCommand,
  statusItem,
  toast,
  webview,
} from './workbench.ts';

const ui = useVSCode({
  workspace: 'examples/digits',
  openFile: 'model.py',
  // Fewer candidates: the same job in less time.
  settings: {
    'bitlens.quantization.weightBits': [8, 6, 4],
    'bitlens.quantization.activationBits': [8, 6, 4],
  },
});

test('before a run there is no lens', async () => {
  const { page } = ui;
  await page.locator('.monaco-editor .view-line', { hasText: 'Conv2D' }).first().waitFor();
  assert.equal(await page.locator('.codelens-decoration').count(), 0);
});

test('palette, Enter, Enter, Enter: a run with progress, and one summary', async () => {
  const { page } = ui;
  await runCommand(page, 'BitLens: Quantize Model…');
  for (const step of [/Model to quantize/, /calibrate/, /make small/]) {
    await quickInput(page).locator(`input[placeholder]`).and(page.getByPlaceholder(step)).waitFor();
    await quickInput(page).locator('.monaco-list-row').first().waitFor();
    await screenshot(page, `wizard ${step.source}`);
    await page.keyboard.press('Enter');
  }
  await toast(page, /Quantizing digits\.keras/).waitFor();
  await screenshot(page, 'progress');
  await toast(page, /digits\.keras: recommended plan/).waitFor({ timeout: 300_000 });
});

test('lenses stand above the layers, short, with widths, loss and LUT', async () => {
  const texts = await codeLensTexts(ui.page);
  assert.ok(texts.length >= 4, texts.join('\n'));
  for (const text of texts) assert.ok(text.length <= 40, text);
  assert.ok(
    texts.some((text) => /^w \d+b · a \d+b · .*% · [\d.k]+ LUT$/.test(text)),
    texts.join('\n'),
  );
  await screenshot(ui.page, 'lenses');
});

test('the status bar names mean width and loss of the active plan', async () => {
  await statusItem(ui.page, /b avg · .*%/).waitFor();
});

test('a hover shows the widths of a layer with the recommended one marked', async () => {
  const hover = await hoverOver(ui.page, 'Conv2D', /Kernel\sLUT/);
  const rows = await hover.locator('table tr').allInnerTexts();
  assert.ok(rows.length >= 4, rows.join('\n'));
  assert.ok(
    rows.some((row) => row.includes('★')),
    rows.join('\n'),
  );
  await screenshot(ui.page, 'hover');
  await ui.page.mouse.move(0, 0);
});

test('the Pareto panel opens from the summary; another point changes the lenses', async () => {
  const { page } = ui;
  await answerToast(page, /recommended plan/, 'Open Pareto panel');
  const view = await webview(page, 'Pareto Front');
  const rows = view.locator('tr[data-index]');
  await rows.first().waitFor();
  await view.locator('canvas[data-role=chart]').waitFor();
  await screenshot(page, 'pareto');
  const before = await codeLensTexts(page);
  await view.locator('tr[data-index][data-kind=uniform]', { hasText: 'W8A8' }).first().click();
  await view.locator('tr[data-active][data-kind]', { hasText: 'W8A8' }).first().waitFor();
  const after = await changedLenses(page, before);
  assert.ok(
    after.some((text) => text.startsWith('w 8b · a 8b')),
    after.join('\n'),
  );
  await screenshot(page, 'pareto W8A8');
});

test('heatmap cells show a value for each tensor and width; the active plan is marked and a click goes to the source', async () => {
  const { page } = ui;
  await runCommand(page, 'BitLens: Show Precision Heatmap');
  const view = await webview(page, 'Precision Heatmap');
  const cell = view.locator('td[data-bits="4"]').first();
  await cell.waitFor();
  assert.match((await cell.getAttribute('aria-label')) ?? '', /4/);
  assert.match((await cell.innerText()).trim(), /\d/);
  assert.ok(await activeWidths(view).then((bits) => bits.length > 0 && bits.every((one) => one === '8')));
  await screenshot(page, 'heatmap');
  await cell.click();
  await page
    .locator('.monaco-editor.focused .view-line', { hasText: /Conv2D|Input/ })
    .first()
    .waitFor();
});

test('FPGA resources are listed by layer, with the part', async () => {
  await runCommand(ui.page, 'BitLens: Show FPGA Resources');
  const view = await webview(ui.page, 'FPGA Resources');
  await view.locator('tr[data-layer]').first().waitFor();
  assert.match(await view.locator('[data-role=total]').first().innerText(), /\d/);
  await screenshot(ui.page, 'resources');
});

test('nothing broke the content security policy', () => {
  const ours = ui.consoleErrors.filter((text) => /Content Security Policy|bitlens/i.test(text));
  assert.deepEqual(ours, []);
});

async function changedLenses(page: Page, before: readonly string[]): Promise<string[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const now = await codeLensTexts(page);
    if (now.join('\n') !== before.join('\n')) return now;
  }
  throw new Error('The lenses did not change.');
}

async function activeWidths(view: FrameLocator): Promise<(string | null)[]> {
  const cells = view.locator('td[data-active]');
  await cells.first().waitFor();
  return await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('data-bits')));
}
