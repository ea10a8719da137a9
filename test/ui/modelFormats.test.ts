// Models of other frameworks in the real editor: the wizard finds them, an ONNX network and a quantized TensorFlow Lite
// network run to the end, weights without a network give advice, and an open input shape is asked for.

import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { screenshot, useVSCode } from './support.ts';
import {
  answerToast,
  codeLensTexts,
  enter,
  hoverOver,
  pick,
  pickLabels,
  quickInput,
  runCommand,
  statusItem,
  toast,
  webview,
} from './workbench.ts';

const RUN_MS = 300_000;

const ui = useVSCode({
  workspace: 'test/fixtures/formats-workspace',
  openFile: 'network.py',
  // Fewer candidates: the same job in less time.
  settings: {
    'bitlens.quantization.weightBits': [8, 6, 4],
    'bitlens.quantization.activationBits': [8, 6, 4],
  },
});

test('the wizard lists the models of every format, weights without a network last', async () => {
  const { page } = ui;
  copyFileSync(
    'test/fixtures/models/pytorch/weights.safetensors',
    path.join(ui.workspace, 'weights.safetensors'),
  );
  await runCommand(page, 'BitLens: Quantize Model…');
  await page.getByPlaceholder(/Model to quantize/).waitFor();
  const labels = (await pickLabels(page)).map((label) => label.trim());
  assert.deepEqual(labels, [
    'denoiser.onnx',
    'stripes_int8.tflite',
    'stripes.onnx',
    'weights.safetensors',
    'Choose another file…',
  ]);
  await screenshot(page, 'formats wizard');
});

test('an ONNX network runs to the end; its tensors are in the heat map by the names of the author', async () => {
  const { page } = ui;
  await pick(page, 'stripes.onnx');
  await acceptFirst(/calibrate/);
  await acceptFirst(/make small/);
  await toast(page, /stripes\.onnx: recommended plan/).waitFor({ timeout: RUN_MS });
  await statusItem(page, /b avg · .*%/).waitFor();
  await answerToast(page, /recommended plan/, 'Open heatmap');
  const view = await webview(page, 'Precision Heatmap');
  await view.locator('td[data-bits="4"]').first().waitFor();
  const names = (await view.locator('tbody th').allInnerTexts()).join('\n');
  for (const name of ['edges', 'regions', 'mix', 'direction']) assert.ok(names.includes(name), names);
  await screenshot(page, 'formats heatmap onnx');
});

test('of a quantized TensorFlow Lite network the hover tells what the file has', async () => {
  const { page } = ui;
  await startWith('stripes_int8.tflite');
  await acceptFirst(/calibrate/);
  await acceptFirst(/make small/);
  await toast(page, /stripes_int8\.tflite: recommended plan/).waitFor({ timeout: RUN_MS });
  assert.ok((await codeLensTexts(page)).some((text) => /^w \d+b · a \d+b/.test(text)));
  await screenshot(page, 'formats lenses tflite');
  const hover = await hoverOver(page, 'Conv2D', /In the model file/);
  assert.match(
    await hover.innerText(),
    /In the model file: w int8 per-channel · b int32 per-channel · a int8 asymmetric scale=0\.\d{2,6} zero=-128/,
  );
  await screenshot(page, 'formats hover tflite');
  await page.mouse.move(0, 0);
});

test('weights without a network give advice how to export one', async () => {
  const { page } = ui;
  await startWith('weights.safetensors');
  const message = toast(page, /12 tensors of weights and no network/);
  await message.waitFor();
  assert.match(await message.innerText(), /torch\.export\.save\(.*torch\.onnx\.export\(/s);
  await screenshot(page, 'formats advice');
});

test('the shape that a network leaves open is asked for, until it fits', async () => {
  const { page } = ui;
  await startWith('denoiser.onnx');
  await page.getByPlaceholder(/calibrate/).waitFor();
  await pick(page, 'Synthetic samples');
  await quickInput(page).getByText('denoiser.onnx leaves the shape of its input noisy open: ?×?×1').waitFor();
  await screenshot(page, 'formats open shape');
  await enter(page, '12, 12, 3');
  await quickInput(page)
    .getByText(/does not fit/)
    .waitFor();
  await enter(page, '12, 12, 1');
  await acceptFirst(/make small/);
  await toast(page, /denoiser\.onnx: recommended plan/).waitFor({ timeout: RUN_MS });
  await screenshot(page, 'formats denoiser');
});

async function startWith(model: string): Promise<void> {
  await runCommand(ui.page, 'BitLens: Quantize Model…');
  await ui.page.getByPlaceholder(/Model to quantize/).waitFor();
  await pick(ui.page, model);
}

async function acceptFirst(step: RegExp): Promise<void> {
  await ui.page.getByPlaceholder(step).waitFor();
  await quickInput(ui.page).locator('.monaco-list-row').first().waitFor();
  await ui.page.keyboard.press('Enter');
}
