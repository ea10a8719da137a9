// What a user sees and does in VS Code's window, for UI tests: palette, pickers, messages, lenses, hovers, webviews.
// Locators wait by themselves, PATIENCE_MS at most; functions that act return when the act is done.

import type { FrameLocator, Locator, Page } from 'playwright-core';

/** How long to wait for anything on the screen: tests share the machine with the build and with each other. */
export const PATIENCE_MS = 60_000;
const POLL_MS = 200;

/** Runs a command of the palette by its full title, "BitLens: Quantize Model". */
export async function runCommand(page: Page, title: string): Promise<void> {
  await find(page, 'F1', '>', title, title);
  // The command may itself ask something, in the same widget: the palette is over when its text has gone.
  await until('the palette to close', async () => {
    const [text] = await quickInput(page).locator('input').evaluateAll(valuesOf);
    return !text?.startsWith('>');
  });
}

/** Opens a file of the workspace, given by its path in it, in the editor. */
export async function openFile(page: Page, file: string): Promise<void> {
  const name = file.slice(file.lastIndexOf('/') + 1);
  await find(page, 'Control+P', '', file, name);
  await page.locator('.editor-group-container.active .tab.active', { hasText: name }).waitFor();
}

/** The open quick pick or input box. */
export const quickInput = (page: Page): Locator => page.locator('.quick-input-widget:visible');

/** Chooses the entry of the open quick pick whose label is exactly this. */
export const pick = (page: Page, label: string): Promise<void> => entry(page, label).click();

const entry = (page: Page, label: string): Locator =>
  quickInput(page)
    .locator('.monaco-list-row', { has: page.getByText(label, { exact: true }) })
    .first();

/**
 * Opens the quick input with a key, types and chooses an entry. Early on, a key is lost because the keybindings are
 * not there yet, and an entry is missing because the extension or its files are not known yet: a list that is open
 * does not learn of them. So it is asked again.
 */
async function find(page: Page, key: string, prefix: string, text: string, label: string): Promise<void> {
  await until(`"${label}" in the quick input`, async () => {
    if (!(await quickInput(page).isVisible())) await page.keyboard.press(key);
    if (!(await appears(quickInput(page), 2000))) return false;
    const input = quickInput(page).locator('input').first();
    // An editor that opens meanwhile takes the quick input away again.
    return succeeds(async () => {
      await input.fill(prefix, { timeout: 2000 });
      await input.fill(prefix + text, { timeout: 2000 });
      await entry(page, label).click({ timeout: 2000 });
    });
  });
}

/** Labels of the entries that the open quick pick shows; waits until there are some and they stay the same. */
export const pickLabels = (page: Page): Promise<string[]> =>
  settledTexts(quickInput(page).locator('.monaco-list-row .label-name'), 'entries in the quick pick');

/** Types into the open input box and accepts. */
export async function enter(page: Page, text: string): Promise<void> {
  await quickInput(page).locator('input').first().fill(text);
  await page.keyboard.press('Enter');
}

/** A notification with this text, also one that shows progress. */
export const toast = (page: Page, text: string | RegExp): Locator =>
  page.locator('.notifications-toasts .notification-toast', { hasText: text }).first();

/** Presses a button of a notification. */
export async function answerToast(page: Page, text: string | RegExp, button: string): Promise<void> {
  await toast(page, text)
    .locator('.notification-list-item-buttons-container .monaco-button', { hasText: button })
    .click();
}

/** Code lenses in visible editors; one line may have several. */
export const codeLens = (page: Page, text: string | RegExp): Locator =>
  page.locator('.codelens-decoration > a', { hasText: text });

/** Texts of all code lenses on the screen; waits until there are some and they stay the same. */
export const codeLensTexts = (page: Page): Promise<string[]> =>
  settledTexts(page.locator('.codelens-decoration > a'), 'code lenses');

/** An entry of the status bar. */
export const statusItem = (page: Page, text: string | RegExp): Locator =>
  page.locator('.part.statusbar .statusbar-item', { hasText: text });

/** Rests the mouse on a text of the editor until the hover with `content` shows, and returns that hover. */
export async function hoverOver(page: Page, text: string, content: string | RegExp): Promise<Locator> {
  const hover = page.locator('.monaco-hover:visible', { hasText: content }).first();
  await until(`a hover with ${String(content)} over "${text}"`, async () => {
    // A provider that registers late gives no hover to a mouse that already rests: move away and come back.
    await page.mouse.move(0, 0);
    const { x, y } = await centreOf(page, text);
    await page.mouse.move(x, y, { steps: 3 });
    return appears(hover, 3000);
  });
  return hover;
}

/** Puts the cursor into a text of the editor. */
export async function clickText(page: Page, text: string): Promise<void> {
  const { x, y } = await centreOf(page, text);
  await page.mouse.click(x, y);
}

/** Puts the cursor into a text, asks for its code actions and returns their entries. */
export async function codeActions(page: Page, text: string): Promise<Locator> {
  const actions = page.locator('.action-widget .monaco-list-row.action');
  await until(`code actions at "${text}"`, async () => {
    await clickText(page, text);
    await page.keyboard.press('Control+.');
    return appears(actions.first(), 3000);
  });
  return actions;
}

/** Content of the webview with this title; several may be open. It stays the right one while it lives. */
export async function webview(page: Page, title: string): Promise<FrameLocator> {
  let found: FrameLocator | undefined;
  await until(`a webview with the title "${title}"`, async () => {
    const outer = page.locator('iframe.webview.ready');
    for (const name of await outer.evaluateAll((frames) =>
      frames.map((frame) => frame.getAttribute('name')),
    )) {
      if (name === null) continue;
      const frame = page.frameLocator(`iframe.webview[name="${name}"]`);
      if ((await frame.locator(`iframe#active-frame[title=${JSON.stringify(title)}]`).count()) > 0) {
        found = frame.frameLocator('iframe#active-frame');
      }
    }
    return found !== undefined;
  });
  return found!;
}

const valuesOf = (inputs: Element[]): string[] => inputs.map((input) => (input as HTMLInputElement).value);

/** VS Code takes lists away and builds them anew: what counts is what it shows twice in a row. */
async function settledTexts(items: Locator, what: string): Promise<string[]> {
  let texts: string[] = [];
  await until(what, async () => {
    const before = texts;
    texts = await items.allInnerTexts();
    return texts.length > 0 && texts.join('\n') === before.join('\n');
  });
  return texts;
}

const appears = (locator: Locator, timeout: number): Promise<boolean> =>
  succeeds(() => locator.waitFor({ timeout }));

async function succeeds(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch {
    return false;
  }
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const start = Date.now();
  while (!(await condition())) {
    if (Date.now() - start > PATIENCE_MS) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Centre, in pixels of the window, of the first place where visible editors show the text. */
async function centreOf(page: Page, text: string): Promise<{ x: number; y: number }> {
  await page.locator('.monaco-editor .view-line', { hasText: text }).first().waitFor();
  const centre = await page.evaluate((wanted) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const start = node.parentElement?.closest('.view-line')
        ? (node.nodeValue ?? '').replaceAll('\u00a0', ' ').indexOf(wanted)
        : -1;
      if (start < 0) continue;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + wanted.length);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    return undefined;
  }, text);
  if (centre === undefined)
    throw new Error(`The editor shows "${text}" in several colours: take one word of it.`);
  return centre;
}
