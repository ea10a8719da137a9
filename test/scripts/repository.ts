// The files of the repository as the tests of its rules see them. Tests run in its root.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type TypeScript from 'typescript';

/** Built, downloaded or left by tools: what .gitignore names. */
const LEFT_OUT = /^(\.git|node_modules|dist|out|\.vscode-test)$|\.(vsix|tsbuildinfo|bitlens)$/;

export interface TextFile {
  /** From the root, with slashes: `src/core/errors.ts`. */
  readonly file: string;
  readonly text: string;
}

/** Files below a folder of the repository, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.test(name))
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(file) : entry.isFile() ? [file] : [];
    })
    .sort();
}

/** Those of the files that hold text. */
export function readTexts(files: readonly string[]): TextFile[] {
  return files
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    .filter(({ text }) => !text.includes('\0'));
}

/** Our own code. AssemblyScript is no TypeScript and has no imports. */
export function sourcesBelow(...folders: readonly string[]): TextFile[] {
  const files = folders.flatMap((folder) => filesBelow(folder));
  return readTexts(files.filter((file) => /\.(ts|mts|mjs|cjs)$/.test(file) && !file.endsWith('.as.ts')));
}

/** Taken from node_modules when a test runs: bundled into it, it would be ten times the size of all tests. */
export function typescript(): typeof TypeScript {
  return createRequire(path.resolve('package.json'))('typescript') as typeof TypeScript;
}

export interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function packageJson(): PackageJson {
  return JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson;
}
