// What README, CONTRIBUTING and the other documents say must be there: files, headings, npm scripts, parts of the tests.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { filesBelow, packageJson, readTexts, type TextFile } from './repository.ts';

const documents = readTexts(filesBelow('.').filter((file) => file.endsWith('.md')));
const guides = documents.filter(({ file }) => /^(README|CONTRIBUTING|CHANGELOG)\.md$/.test(file));

/** First group of every match, with the file it stands in. */
function mentioned(files: readonly TextFile[], pattern: RegExp): { file: string; name: string }[] {
  return files.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ file, name: match[1] ?? '' })),
  );
}

const withoutCode = ({ file, text }: TextFile): TextFile => ({
  file,
  text: text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, ''),
});

/** As GitHub makes them: `## What you see` is #what-you-see. */
const anchorsOf = ({ text }: TextFile): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );

test('the three guides are there', () => {
  assert.deepEqual(guides.map(({ file }) => file).sort(), ['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md']);
});

test('relative links and pictures lead to files', () => {
  const links = mentioned(documents.map(withoutCode), /\]\(([^)\s]+)\)/g);
  assert.ok(links.length > 0);
  const missing = links.filter(({ file, name }) => {
    if (/^([a-z]+:|#)/.test(name)) return false;
    return !existsSync(path.join(path.dirname(file), name.replace(/#.*$/, '')));
  });
  assert.deepEqual(missing, []);
});

test('links to headings of the same document find them', () => {
  const missing = documents.flatMap((document) => {
    const anchors = anchorsOf(document);
    return mentioned([withoutCode(document)], /\]\(#([^)\s]+)\)/g).filter(
      ({ name }) => !anchors.includes(name),
    );
  });
  assert.deepEqual(missing, []);
});

test('every npm script that is named exists', () => {
  const scripts = Object.keys(packageJson().scripts);
  const named = mentioned(documents, /\bnpm (?:run )?((?<=npm run )[\w:-]+|test\b|start\b)/g);
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter(({ name }) => !scripts.includes(name)),
    [],
  );
});

test('every npm script is named in CONTRIBUTING', () => {
  const contributing = guides.filter(({ file }) => file === 'CONTRIBUTING.md');
  const named = mentioned(contributing, /\bnpm (?:run )?((?<=npm run )[\w:-]+|test\b|start\b)/g);
  assert.deepEqual(
    Object.keys(packageJson().scripts).filter((script) => !named.some(({ name }) => name === script)),
    [],
  );
});

test('the parts of npm test that are named exist', async () => {
  const module: unknown = await import(pathToFileURL(path.resolve('scripts/test/suites.mjs')).href);
  const { PARTS } = module as { PARTS: readonly string[] };
  const contributing = guides.filter(({ file }) => file === 'CONTRIBUTING.md');
  const rows = mentioned(contributing, /^\| `(?:npm test -- )?(\w+)` +\| .*$/gm).map(({ name }) => name);
  assert.deepEqual(
    PARTS.filter((part) => !rows.includes(part)),
    [],
  );
});

test('files and folders named as code exist', () => {
  const named = mentioned(
    guides,
    /`((?:src|webview|test|bench|scripts|examples|media|docs|l10n)\/[\w./@-]*)`/g,
  );
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter(({ name }) => !existsSync(name)),
    [],
  );
});

test('code that is quoted from a file stands there', () => {
  const quotes = guides.flatMap(({ text }) => [...text.matchAll(/^```ts (\S+)\n(.*?)^```/gms)]);
  assert.ok(quotes.length > 0);
  const dense = (text: string): string => text.replace(/\s+/g, ' ').trim();
  for (const [, file = '', code = ''] of quotes)
    assert.ok(dense(readFileSync(file, 'utf8')).includes(dense(code)), `${file} has no longer:\n${code}`);
});
