// The headless browser that shows VS Code's workbench, driven through playwright-core.

import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.mjs';

/** No sandbox because tests often run as root; no /dev/shm because containers make it too small. */
const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
];

/** @returns {Promise<import('playwright-core').BrowserContext>} a browser with a profile of its own and one page */
export async function openBrowser(folder, viewport) {
  const { executable, env } = ensureChromium();
  try {
    return await chromium.launchPersistentContext(path.join(folder, 'p'), {
      executablePath: executable,
      env: { ...process.env, ...env },
      args: OPTIONS,
      headless: true,
      viewport,
    });
  } catch (error) {
    const [reason] = error.message.split('\nBrowser logs:');
    throw new Error(
      `The browser ${executable} did not start: ${reason}\n` +
        'Another Chromium or Chrome can be named in CHROMIUM_PATH (Debian: apt-get install chromium).',
    );
  }
}

/**
 * Makes VS Code load extensions from source folders, and run the tests in `extensionTestsPath`. VS Code's web
 * workbench has an option for that, `developmentOptions`, but its server never sets it; so it is added to the
 * configuration while the workbench reads it from the page. Runs before any script of the page.
 */
export async function addDevelopmentOptions(page, { authority, extensions, extensionTestsPath }) {
  const remote = (file) => ({ scheme: 'vscode-remote', authority, path: path.resolve(file) });
  const developmentOptions = {
    extensions: extensions.map(remote),
    ...(extensionTestsPath ? { extensionTestsPath: remote(extensionTestsPath) } : {}),
  };
  await page.addInitScript((added) => {
    const original = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = original.call(this, name);
      if (this.id !== 'vscode-workbench-web-configuration' || name !== 'data-settings' || !value)
        return value;
      const configuration = JSON.parse(value);
      configuration.developmentOptions = { ...configuration.developmentOptions, ...added };
      return JSON.stringify(configuration);
    };
  }, developmentOptions);
}
