// Starts a real VS Code: server and extension host, with the workbench in a headless browser. What the UI tests
// (test/ui/support.ts) and the stand-in executable (fake-code.mjs) share. Types: host.d.mts.

import { addDevelopmentOptions, openBrowser } from './browser.mjs';
import { startServer } from './server.mjs';
import { TEST_SETTINGS } from './settings.mjs';

const PAGE_LIMIT_MS = 120_000;
const VIEWPORT = { width: 1400, height: 900 };

/** @type {typeof import('./host.mjs').startVSCode} */
export async function startVSCode(options) {
  const { settings = {}, viewport = VIEWPORT, extensionDevelopmentPath = [], ...rest } = options;
  const server = await startServer({ ...rest, settings: { ...TEST_SETTINGS, ...settings } });
  let context;
  const stop = async () => {
    await context?.close().catch(() => {}); // it may have crashed, which must not keep the server alive
    await server.stop();
  };
  try {
    context = await openBrowser(server.folder, viewport);
    const page = context.pages()[0] ?? (await context.newPage());
    const exit = listen(page, server, options.onConsole);
    const extensions = [extensionDevelopmentPath].flat();
    if (extensions.length > 0) {
      const { extensionTestsPath } = options;
      await addDevelopmentOptions(page, { authority: server.authority, extensions, extensionTestsPath });
    }
    await page.goto(server.url, { waitUntil: 'domcontentloaded', timeout: PAGE_LIMIT_MS });
    if (!options.extensionTestsPath) await untilInteractive(page);
    return { page, exit, stop, serverLog: server.log };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * VS Code calls these two functions of the page, if they are there: one when a test run in the extension host has
 * ended, the other for every console call of window and extension host.
 */
function listen(page, server, onConsole) {
  return new Promise((resolve) => {
    page.on('crash', () => resolve({ reason: 'the page crashed' }));
    void server.exited.then((code) => resolve({ reason: `the server ended with code ${code}` }));
    void page.exposeFunction('codeAutomationExit', (code) => resolve({ code }));
    void page.exposeFunction('codeAutomationLog', (type, args) => onConsole?.(type, args));
  });
}

/** The explorer's rows come through the server, so by then its connection works too. */
async function untilInteractive(page) {
  const limit = { timeout: PAGE_LIMIT_MS };
  await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor(limit);
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor(limit);
}
