// What the three views do with messages, keys, clicks, state and themes, in a browser.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { heatmapSnapshot, paretoSnapshot, resourcesSnapshot } from '../webview/snapshots.ts';
import { useWebviews } from './webview-harness.ts';

const webviews = useWebviews();

const focusedLabel = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.ariaLabel ?? null);
const choose = async (page: Page, control: string, option: string): Promise<void> => {
  await page.locator(`vscode-dropdown[data-control="${control}"]`).click();
  await page.locator('vscode-option:visible', { hasText: option }).click();
};
const texts = (locator: Locator): Promise<string[]> => locator.allInnerTexts();
const colourOf = (locator: Locator): Promise<string> =>
  locator.evaluate((node) => getComputedStyle(node).backgroundColor);

describe('every view', () => {
  test('says ready, shows title, subtitle and notes, and breaks no policy', async () => {
    for (const snapshot of [heatmapSnapshot(), paretoSnapshot({ notes: ['seed 1'] }), resourcesSnapshot()]) {
      const { page, send, posted, errors } = await webviews.open(snapshot.view);
      assert.deepEqual(await posted(), [{ type: 'ready' }]);
      await send({ type: 'snapshot', snapshot });
      assert.equal(await page.locator('[data-role=title]').innerText(), snapshot.title);
      assert.equal(await page.locator('[data-role=subtitle]').innerText(), snapshot.subtitle);
      assert.deepEqual(await texts(page.locator('[data-role=notes] li')), snapshot.notes);
      assert.deepEqual(errors, []);
      await page.close();
    }
  });

  test('an empty view says what to do, until a snapshot comes', async () => {
    const { page, send } = await webviews.open('heatmap');
    await send({ type: 'empty', message: 'Run "Quantize Model" first.' });
    assert.equal(await page.locator('[data-role=empty]').innerText(), 'Run "Quantize Model" first.');
    assert.equal(await page.locator('[data-role=title]').isVisible(), false);
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    assert.equal(await page.locator('[data-role=empty]').isVisible(), false);
    // A snapshot of another view is not for this page.
    await send({ type: 'snapshot', snapshot: resourcesSnapshot({ title: 'other' }) });
    assert.equal(await page.locator('[data-role=title]').innerText(), 'mnist.keras');
    await page.close();
  });
});

describe('heat map', () => {
  test('one tab stop; arrow keys move it; Enter reveals the layer', async () => {
    const { page, send, posted } = await webviews.open('heatmap');
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    assert.equal(await page.locator('td[tabindex="0"]').count(), 1);
    await page.locator('td[tabindex="0"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    assert.match((await focusedLabel(page)) ?? '', /^conv1 output, 4 bit, fixed<4,0>, .*active$/);
    assert.match(await page.locator('[data-role=detail]').innerText(), /conv1 output · 4 bit.*SQNR 24/s);
    await page.keyboard.press('Enter');
    assert.deepEqual((await posted()).at(-1), { type: 'revealLayer', layer: 'conv1' });
    await page.close();
  });

  test('a layer without source line says so and posts nothing', async () => {
    const { page, send, posted } = await webviews.open('heatmap');
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    await page.locator('tbody[data-layer=conv2] td').first().click();
    assert.equal(await page.locator('[data-role=announcement]').innerText(), 'conv2 has no source line.');
    assert.deepEqual(await posted(), [{ type: 'ready' }]);
    await page.close();
  });

  test('the chosen measure repaints, and is remembered after a reload', async () => {
    const { page, send } = await webviews.open('heatmap');
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    const row = page.locator('tbody[data-layer=conv1] tr').first().locator('td');
    assert.deepEqual(await texts(row), ['1e-4', '0.020', '1.5']);
    await choose(page, 'measure', 'SQNR');
    assert.deepEqual(await texts(row), ['48', '24', '12']);
    await page.reload();
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    assert.deepEqual(await texts(row), ['48', '24', '12']);
    await page.close();
  });

  test('a new snapshot keeps focus and an open list', async () => {
    const { page, send } = await webviews.open('heatmap');
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    await page.locator('tr[data-slot="conv1/activation"] td[data-bits="2"]').click();
    const before = await focusedLabel(page);
    await send({ type: 'snapshot', snapshot: heatmapSnapshot({ subtitle: 'again' }) });
    assert.equal(await focusedLabel(page), before);
    await page.locator('vscode-dropdown').click();
    await send({ type: 'snapshot', snapshot: heatmapSnapshot({ subtitle: 'and again' }) });
    assert.equal(await page.locator('vscode-option:visible').count(), 2);
    await page.close();
  });

  test('a theme change repaints cells in place; high contrast marks by length', async () => {
    const { page, send, applyTheme } = await webviews.open('heatmap');
    await send({ type: 'snapshot', snapshot: heatmapSnapshot() });
    const worst = page.locator('tbody[data-layer=conv2] td').nth(2);
    const best = page.locator('tbody[data-layer=conv2] td').first();
    assert.equal(await colourOf(best), 'rgb(31, 31, 31)');
    assert.notEqual(await colourOf(worst), 'rgb(31, 31, 31)');
    await applyTheme('highContrast');
    const bar = (cell: Locator): Promise<string> =>
      cell.evaluate((node) => getComputedStyle(node).backgroundSize);
    assert.deepEqual([await bar(best), await bar(worst)], ['0% 4px', '100% 4px']);
    await page.close();
  });

  test('all widths fit beside an editor', async () => {
    const { page, send } = await webviews.open('heatmap', { width: 400, height: 600 });
    await send({ type: 'snapshot', snapshot: heatmapSnapshot({ bits: [16, 12, 8, 6, 4, 2] }) });
    const room = await page.locator('[data-role=scroller]').evaluate((node) => node.clientWidth);
    const width = await page.locator('table').evaluate((node) => node.getBoundingClientRect().width);
    // 10: the scroll bar VS Code draws when a network has more layers.
    assert.ok(width + 10 <= room, `${width} in ${room}`);
    await page.close();
  });
});

describe('Pareto', () => {
  test('arrow keys on the chart walk the front, announce, and Enter selects', async () => {
    const { page, send, posted } = await webviews.open('pareto');
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    await page.locator('[data-role=chart]').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const said = await page.locator('[data-role=announcement]').innerText();
    assert.match(said, /^amp 1, front: Accuracy 98\.95.*BOPs 120/);
    assert.match(await page.locator('[data-role=tooltip]').innerText(), /amp 1 · front/);
    await page.keyboard.press('Enter');
    assert.deepEqual((await posted()).at(-1), { type: 'selectCandidate', index: 1 });
    await page.close();
  });

  test('a click on a point of the chart selects it', async () => {
    const { page, send, posted } = await webviews.open('pareto');
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    // The keyboard finds the point; the tooltip stands 12 pixels right of its centre, at its height.
    await page.locator('[data-role=chart]').focus();
    await page.keyboard.press('ArrowRight');
    const tip = (await page.locator('[data-role=tooltip]').boundingBox())!;
    await page.mouse.move(tip.x - 12, tip.y + tip.height / 2);
    await page.mouse.down();
    await page.mouse.up();
    assert.deepEqual((await posted()).at(-1), { type: 'selectCandidate', index: 2 });
    await page.close();
  });

  test('the table twin sorts, and Enter on a row selects', async () => {
    const { page, send, posted } = await webviews.open('pareto');
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    const order = (): Promise<(string | null)[]> =>
      page.locator('tr[data-index]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-index')));
    assert.deepEqual(await order(), ['3', '2', '1', '0', '4', '5']);
    await page.locator('[data-sort=metric]').click();
    assert.deepEqual(await order(), ['0', '1', '2', '4', '3', '5']);
    assert.equal(await page.locator('th[data-column-id=metric]').getAttribute('aria-sort'), 'descending');
    // The header that was rebuilt under the pointer keeps the focus.
    assert.equal(
      await page.evaluate(() => (document.activeElement as HTMLElement).dataset['sort']),
      'metric',
    );
    await page.locator('tr[data-index="1"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    assert.deepEqual((await posted()).at(-1), { type: 'selectCandidate', index: 2 });
    await page.close();
  });

  test('another cost changes table and caption, and is remembered', async () => {
    const { page, send } = await webviews.open('pareto');
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    await choose(page, 'cost', 'LUT');
    assert.match(
      await page.locator('[data-role=captions]').innerText(),
      /LUT: 27 csynth runs.*found for Accuracy against BOPs/s,
    );
    await page.reload();
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    assert.equal(await page.locator('th[data-column-id=cost]').innerText(), 'LUT');
    await page.close();
  });

  test('the active and the recommended point are marked in the table', async () => {
    const { page, send } = await webviews.open('pareto');
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    assert.equal(await page.locator('tr[aria-selected=true]').getAttribute('data-index'), '0');
    assert.match(await page.locator('tr[data-chosen] th').innerText(), /recommended/);
    await page.close();
  });

  test('dominated points can be hidden', async () => {
    const { page, send } = await webviews.open('pareto');
    await send({ type: 'snapshot', snapshot: paretoSnapshot() });
    await page.locator('[data-control=dominated]').uncheck();
    assert.equal(await page.locator('tr[data-index]').count(), 4);
    await page.close();
  });
});

describe('resources', () => {
  test('what exceeds the part is said in words', async () => {
    const { page, send } = await webviews.open('resources');
    await send({ type: 'snapshot', snapshot: resourcesSnapshot() });
    const over = page.locator('.share[data-over]');
    assert.deepEqual(
      await over.evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-column-id'))),
      ['lut'],
    );
    assert.match(
      (await page.getByRole('meter', { name: 'LUT' }).getAttribute('aria-valuetext')) ?? '',
      /63,000 of 53,200, 118.*exceeds the part by 18/,
    );
    await page.close();
  });

  test('the largest consumer of a column has the longest bar', async () => {
    const { page, send } = await webviews.open('resources');
    await send({ type: 'snapshot', snapshot: resourcesSnapshot() });
    const largest = page.locator('td[data-largest][data-column-id=lut]');
    assert.match(await largest.innerText(), /61,000/);
    const width = (locator: Locator): Promise<number> =>
      locator.evaluate((node) => node.getBoundingClientRect().width);
    const longest = await width(largest.locator('.cell-bar'));
    const other = await width(page.locator('tr[data-layer=conv1] td[data-column-id=lut] .cell-bar'));
    assert.ok(Math.abs(other / longest - 1200 / 61000) < 0.02, `${other} of ${longest}`);
    await page.close();
  });

  test('head, rows and total stand in the same columns, at any width', async () => {
    for (const width of [400, 1400]) {
      const { page, send } = await webviews.open('resources', { width, height: 600 });
      await send({ type: 'snapshot', snapshot: resourcesSnapshot() });
      const edges = await page
        .locator('[data-column-id=dsp]:is(th, td)')
        .evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().right)));
      assert.equal(edges.length, 6);
      assert.equal(new Set(edges).size, 1, `${width}: ${edges.join()}`);
      await page.close();
    }
  });

  test('a click on a row reveals its layer; one without source line says so', async () => {
    const { page, send, posted } = await webviews.open('resources');
    await send({ type: 'snapshot', snapshot: resourcesSnapshot() });
    await page.locator('tr[data-layer=dense]').click();
    assert.deepEqual((await posted()).at(-1), { type: 'revealLayer', layer: 'dense' });
    await page.locator('tr[data-layer=pool1]').click();
    assert.equal((await posted()).length, 2);
    assert.equal(await page.locator('[data-role=announcement]').innerText(), 'pool1 has no source line.');
    await page.close();
  });

  test('sorting is remembered, and the total stays below', async () => {
    const { page, send } = await webviews.open('resources');
    await send({ type: 'snapshot', snapshot: resourcesSnapshot() });
    await page.locator('[data-sort=lut]').click();
    await page.reload();
    await send({ type: 'snapshot', snapshot: resourcesSnapshot() });
    assert.deepEqual(await texts(page.locator('tbody .layer-name')), ['conv2', 'conv1', 'dense', 'pool1']);
    assert.match(await page.locator('[data-role=total]').innerText(), /63,000/);
    await page.close();
  });

  test('a thousand layers come at once, and those off screen cost nothing until scrolled to', async () => {
    const { page, send } = await webviews.open('resources');
    const [row] = resourcesSnapshot().rows;
    const rows = Array.from({ length: 1000 }, (_, i) => ({ ...row!, layer: `l${i}`, name: `layer ${i}` }));
    await send({ type: 'snapshot', snapshot: resourcesSnapshot({ rows }) });
    const last = page.locator('tr[data-layer=l999]');
    const skipped = (): Promise<boolean> =>
      last.locator('.layer-name').evaluate((node) => !node.checkVisibility({ contentVisibilityAuto: true }));
    assert.equal(await skipped(), true);
    await page.locator('tr[data-layer=l0]').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-layer') === 'l999');
    await page.waitForFunction(() =>
      document
        .querySelector('tr[data-layer=l999] .layer-name')
        ?.checkVisibility({ contentVisibilityAuto: true }),
    );
    await page.close();
  });
});
