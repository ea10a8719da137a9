// The rules of the house that a machine can hold and eslint.config.mjs does not: libraries of each part, imports that
// are not written as declarations, barrels, names, lengths, HTML, paths of a developer's machine.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type TypeScript from 'typescript';
import { filesBelow, packageJson, readTexts, sourcesBelow, typescript, type TextFile } from './repository.ts';

const ts = typescript();
const product = sourcesBelow('src', 'webview');
const code = sourcesBelow('src', 'webview', 'test', 'bench', 'scripts');

/** Longest file, and the most that the middle one of all files may have. */
const LONGEST = 500;
const MEDIAN = 120;

/** Packages that each part may import; node:* is left to ESLint. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  'src/core': [
    '@lezer/javascript',
    '@lezer/python',
    'csv-parse',
    'fflate',
    'h5wasm',
    '@cornerstonejs/codec-libjpeg-turbo-8bit',
    'yaml',
  ],
  'src/protocol': [],
  'src/engine': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
  'src/host': ['vscode'],
  'src/cli': ['commander'],
  webview: ['@vscode/webview-ui-toolkit', 'chart.js'],
};

const importsOf = ({ text }: TextFile): string[] =>
  ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);

/** `@lezer/python` of `@lezer/python/x`; undefined for a file and for what comes with Node. */
function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Findings of all files as `file: what`, so that a failure lists every one. */
function findings(files: readonly TextFile[], look: (file: TextFile) => readonly string[]): string[] {
  return files.flatMap((file) => look(file).map((what) => `${file.file}: ${what}`));
}

test('all code of the product belongs to a part whose libraries are known', () => {
  const parts = Object.keys(LIBRARIES);
  assert.ok(product.length > 100);
  assert.deepEqual(
    findings(product, ({ file }) => (parts.some((part) => file.startsWith(`${part}/`)) ? [] : ['no part'])),
    [],
  );
});

for (const [part, allowed] of Object.entries(LIBRARIES)) {
  test(`packages that ${part} may import: ${allowed.join(', ') || 'none'}`, () => {
    const files = product.filter(({ file }) => file.startsWith(`${part}/`));
    assert.ok(files.length > 0);
    const foreign = findings(files, (file) =>
      importsOf(file).filter((specifier) => {
        const name = packageOf(specifier);
        return name !== undefined && !allowed.includes(name);
      }),
    );
    assert.deepEqual(foreign, []);
  });
}

test('every package the product imports is a dependency, and every dependency is imported', () => {
  const imported = new Set(product.flatMap(importsOf).flatMap((specifier) => packageOf(specifier) ?? []));
  imported.delete('vscode'); // given by the editor
  assert.deepEqual([...imported].sort(), Object.keys(packageJson().dependencies).sort());
});

test('the product imports nothing that is not shipped: tests, benchmarks, scripts', () => {
  const outside = findings(product, (file) =>
    importsOf(file).filter((specifier) => {
      const target = path.posix.join(path.posix.dirname(file.file), specifier);
      return specifier.startsWith('.') && !/^(src|webview)\/|^package\.json$/.test(target);
    }),
  );
  assert.deepEqual(outside, []);
});

test('src takes nothing from webview but the texts of the views', () => {
  const files = product.filter(({ file }) => file.startsWith('src/'));
  const found = findings(files, (file) =>
    importsOf(file).filter((specifier) => {
      const target = path.posix.join(path.posix.dirname(file.file), specifier);
      return target.startsWith('webview/') && target !== 'webview/strings.ts';
    }),
  );
  assert.deepEqual(found, []);
});

// ESLint's import boundaries see declarations only.
test('imports are declarations: no import() of our own files, no require', () => {
  const found = findings(product, ({ file, text }) => {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const calls: string[] = [];
    const visit = (node: TypeScript.Node): void => {
      if (ts.isCallExpression(node)) {
        const [argument] = node.arguments;
        const called = node.expression;
        const isImport = called.kind === ts.SyntaxKind.ImportKeyword;
        const isRequire = ts.isIdentifier(called) && called.text === 'require';
        const isPackage =
          argument !== undefined && ts.isStringLiteralLike(argument) && !argument.text.startsWith('.');
        if (isRequire || (isImport && !isPackage)) calls.push(node.getText(source));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return calls;
  });
  assert.deepEqual(found, []);
});

test('no barrels: a file does more than pass on what others export', () => {
  const barrels = product.filter(({ file, text }) => {
    const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const passesOn = statements.some((statement) => ts.isExportDeclaration(statement));
    return (
      passesOn &&
      statements.every((statement) => ts.isExportDeclaration(statement) || ts.isImportDeclaration(statement))
    );
  });
  assert.deepEqual(
    barrels.map(({ file }) => file),
    [],
  );
});

test('no file or folder is named after nothing in particular', () => {
  const vague = filesBelow('.').filter((file) => {
    const names = file.split('/').map((name) => name.replace(/\..*$/, ''));
    return names.some((name) => /^(utils?|utilities|helpers?|misc|common)$/i.test(name));
  });
  assert.deepEqual(vague, []);
});

test(`no file is longer than ${LONGEST} lines, and half of the product's have at most ${MEDIAN}`, () => {
  const linesOf = ({ text }: TextFile): number => text.split('\n').length - 1;
  assert.deepEqual(
    findings(code, (file) => (linesOf(file) > LONGEST ? [`${linesOf(file)} lines`] : [])),
    [],
  );
  const lengths = product.map(linesOf).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1] ?? Infinity;
  assert.ok(median <= MEDIAN, `the median is ${median} lines`);
});

test('HTML is written in one file, which belongs to the host', () => {
  const writers = product.filter(({ text }) => /<!doctype html/i.test(text)).map(({ file }) => file);
  assert.equal(writers.length, 1, writers.join());
  assert.match(writers[0] ?? '', /^src\/host\//);
});

test('no file names a path of the machine it was written on', () => {
  const folders = ['work', 'tmp', 'root', 'home', 'Users', 'mnt'].join('|');
  const absolute = new RegExp(String.raw`(?<![\w.)\]}*/-])/(${folders})/[\w.]|\b[A-Z]:\\\\?[A-Z]`, 'g');
  const texts = readTexts(filesBelow('.').filter((file) => file !== 'package-lock.json'));
  assert.ok(texts.some(({ file }) => file === 'package.json'));
  assert.deepEqual(
    findings(texts, ({ text }) => text.match(absolute) ?? []),
    [],
  );
});
