// Opens VS Code once for a UI test file, with BitLens from its source folder or, when the environment variable VSIX
// names a package, installed from that. What tests do on the screen is in workbench.ts.

import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type * as Host from '../../scripts/vscode/host.mjs';
import { PATIENCE_MS } from './workbench.ts';

type StartOptions = Host.StartOptions;
type VSCodeSession = Host.VSCodeSession;

const START_LIMIT_MS = 180_000;

export interface UIOptions extends Pick<StartOptions, 'openFile' | 'settings' | 'env' | 'viewport'> {
  /** Folder that is copied and opened; relative to the repository. Tests may write into the copy. */
  readonly workspace?: string;
}

export interface UI {
  /** VS Code's page. Only inside tests and hooks. */
  readonly page: Page;
  /** Absolute path of the opened copy. */
  readonly workspace: string;
  /** Errors on the console of the workbench and of every webview so far, such as violations of its CSP. */
  readonly consoleErrors: readonly string[];
}

/**
 * Call it once, at the top of a test file. Every test of the file gets the same window; a test that fails leaves a
 * screenshot in .vscode-test/shots/.
 */
export function useVSCode(options: UIOptions = {}): UI {
  const { workspace: fixture = 'test/fixtures/workspace', ...rest } = options;
  const workspace = mkdtempSync(path.join(realpathSync(tmpdir()), 'bitlens-workspace-'));
  const consoleErrors: string[] = [];
  let session: VSCodeSession | undefined;

  before(
    async () => {
      cpSync(fixture, workspace, { recursive: true });
      session = await start({ ...rest, workspace, ...extension() });
      session.page.setDefaultTimeout(PATIENCE_MS);
      session.page.on('console', (message) => {
        if (message.type() === 'error') consoleErrors.push(message.text());
      });
    },
    { timeout: START_LIMIT_MS },
  );
  afterEach(async (context) => {
    if (session !== undefined && 'passed' in context && !context.passed) {
      await screenshot(session.page, `failed-${context.name}`);
    }
  });
  after(async () => {
    await session?.stop();
    rmSync(workspace, { recursive: true, force: true });
  });

  return {
    workspace,
    consoleErrors,
    get page() {
      if (session === undefined) throw new Error('VS Code is not open yet: use it in tests and hooks only.');
      return session.page;
    },
  };
}

/** Saves what is on the screen below .vscode-test/shots/ and returns the file. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = path.resolve('.vscode-test/shots');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name.replace(/\W+/g, '-')}.png`);
  await page.screenshot({ path: file, timeout: 10_000 });
  return file;
}

function extension(): Pick<StartOptions, 'vsix' | 'extensionDevelopmentPath'> {
  const vsix = process.env['VSIX'];
  return vsix === undefined || vsix === '' ? { extensionDevelopmentPath: process.cwd() } : { vsix: [vsix] };
}

/** The scripts are modules beside the product, not part of this bundle: found from the repository's root. */
async function start(options: StartOptions): Promise<VSCodeSession> {
  const url = pathToFileURL(path.resolve('scripts/vscode/host.mjs')).href;
  const { startVSCode } = (await import(url)) as typeof Host;
  return startVSCode(options);
}
