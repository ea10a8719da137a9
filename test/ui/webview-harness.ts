// The built webview bundle in a bare browser page: same HTML frame and content security policy as in VS Code, a fake
// acquireVsCodeApi, and theme variables of two themes. For what the views do with mouse and keys; that they work
// inside VS Code is tested there.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { FromWebview, ToWebview, ViewName } from '../../src/protocol/webview.ts';

/** What the page keeps for the test; `state` outlives a reload as in VS Code. */
interface HarnessWindow {
  readonly posted: readonly FromWebview[];
  applyTheme(theme: Theme): void;
}

interface Theme {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The variables the views depend on most, as VS Code 1.100 sets them. */
export const THEMES = {
  dark: {
    bodyClass: 'vscode-dark',
    variables: {
      '--vscode-editor-background': '#1f1f1f',
      '--vscode-editor-foreground': '#cccccc',
      '--vscode-charts-yellow': '#cca700',
      '--vscode-charts-red': '#f14c4c',
      '--vscode-charts-blue': '#59a4f9',
      '--vscode-font-size': '13px',
    },
  },
  highContrast: {
    bodyClass: 'vscode-high-contrast',
    variables: {
      '--vscode-editor-background': '#000000',
      '--vscode-editor-foreground': '#ffffff',
      '--vscode-contrastBorder': '#6fc3df',
      '--vscode-charts-yellow': '#ffd370',
      '--vscode-charts-red': '#f48771',
      '--vscode-font-size': '13px',
    },
  },
} as const satisfies Record<string, Theme>;

/** An empty <style>, by which the toolkit asks the browser whether it knows :focus-visible. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

export interface WebviewPage {
  readonly page: Page;
  /** Errors on the console, such as violations of the content security policy. */
  readonly errors: readonly string[];
  readonly send: (message: ToWebview) => Promise<void>;
  /** What the view has posted so far. */
  readonly posted: () => Promise<readonly FromWebview[]>;
  readonly applyTheme: (theme: keyof typeof THEMES) => Promise<void>;
}

export interface WebviewHarness {
  /** A page that has said "ready". */
  open(view: ViewName, size?: { width: number; height: number }): Promise<WebviewPage>;
}

/** Call it once, at the top of a test file. */
export function useWebviews(): WebviewHarness {
  let browser: Browser | undefined;
  let server: Server | undefined;
  before(async () => {
    browser = await launch();
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const file = path.basename(url.pathname);
      const type = TYPES[path.extname(file)];
      response.setHeader('content-type', `${type ?? 'text/html'}; charset=utf-8`);
      if (type) response.end(readFileSync(path.join('dist', file)));
      else if (file === 'page') response.end(html(url.searchParams.get('view') ?? ''));
      else response.writeHead(204).end();
    });
    await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  return {
    async open(view, size = { width: 900, height: 700 }) {
      if (!browser || !server) throw new Error('The browser is not open yet: use it in tests only.');
      const page = await browser.newPage({ viewport: size });
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(String(error)));
      const { port } = server.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/page?view=${view}`);
      return webviewPage(page, errors);
    },
  };
}

function webviewPage(page: Page, errors: readonly string[]): WebviewPage {
  return {
    page,
    errors,
    async send(message) {
      await page.evaluate(async (data) => {
        window.postMessage(data, '*');
        await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
      }, message);
    },
    posted: () => page.evaluate(() => (window as unknown as HarnessWindow).posted),
    async applyTheme(theme) {
      await page.evaluate(async (next) => {
        (window as unknown as HarnessWindow).applyTheme(next);
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      }, THEMES[theme]);
    },
  };
}

async function launch(): Promise<Browser> {
  // A module beside the product, not part of this bundle: found from the repository's root.
  const url = pathToFileURL(path.resolve('scripts/vscode/chromium.mjs')).href;
  const { ensureChromium } = (await import(url)) as {
    readonly ensureChromium: () => { executable: string; env: Record<string, string> };
  };
  const { executable, env } = ensureChromium();
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  return chromium.launch({
    executablePath: executable,
    env: { ...process.env, ...env },
    args,
  });
}

function html(view: string): string {
  const policy = `default-src 'none'; script-src 'nonce-test'; style-src 'self' ${EMPTY_STYLE}; font-src 'self'; img-src 'self' data:`;
  const setUp = `
    window.posted = [];
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => window.posted.push(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
    window.applyTheme = ({ bodyClass, variables }) => {
      document.documentElement.removeAttribute('style');
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
      document.body.className = bodyClass;
    };
    window.applyTheme(${JSON.stringify(THEMES.dark)});`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="webview.css"></head>
<body data-view="${view}"><main id="root"></main>
<script nonce="test">${setUp}</script><script nonce="test" src="webview.js"></script></body>
</html>`;
}
