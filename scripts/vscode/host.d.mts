// Types of host.mjs for the UI tests, which are TypeScript.

import type { Page } from 'playwright-core';

export interface StartOptions {
  /** Folder or .code-workspace file to open. */
  readonly workspace: string;
  /** File to show in the editor, relative to the workspace. */
  readonly openFile?: string | undefined;
  /** Extensions to run from their source folders. */
  readonly extensionDevelopmentPath?: string | readonly string[];
  /** Module whose `run()` is called in the extension host; `exit` then tells how it ended. */
  readonly extensionTestsPath?: string | undefined;
  /** Packaged extensions to install. */
  readonly vsix?: readonly string[];
  /** User settings besides the quiet ones, e.g. `workbench.colorTheme`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables for the server and the extension host; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Called for every console call of the window and, in a test run, of the extension host. */
  readonly onConsole?: (type: string, args: readonly unknown[]) => void;
}

export interface VSCodeSession {
  readonly page: Page;
  /** Of a test run: its exit code, or the reason why there is none. */
  readonly exit: Promise<{ readonly code?: number; readonly reason?: string }>;
  /** What the server has printed. */
  serverLog(): string;
  /** Closes the browser, ends the server and everything it started, removes their files. */
  stop(): Promise<void>;
}

/** Throws an Error that says what to do when VS Code or the browser cannot be installed or started. */
export function startVSCode(options: StartOptions): Promise<VSCodeSession>;
