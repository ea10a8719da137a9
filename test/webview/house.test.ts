// Rules of the webview that a reader cannot check at a glance: colours, the toolkit, HTML.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const files = readdirSync('webview', { recursive: true, encoding: 'utf8' }).map((file) =>
  path.join('webview', file),
);
const read = (suffix: string): { file: string; text: string }[] =>
  files.filter((file) => file.endsWith(suffix)).map((file) => ({ file, text: readFileSync(file, 'utf8') }));

test('style sheets name no colour of their own', () => {
  const sheets = read('.css');
  assert.ok(sheets.length > 3);
  for (const { file, text } of sheets) {
    const code = text.replace(/\/\*.*?\*\//gs, '');
    assert.doesNotMatch(
      code,
      /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch)\(|:\s*(white|black|red|gray|grey)\b/i,
      file,
    );
  }
});

test('only ui.ts knows the component toolkit', () => {
  const importers = read('.ts').filter(({ text }) => /from '@vscode\/webview-ui-toolkit/.test(text));
  assert.deepEqual(
    importers.map(({ file }) => path.basename(file)),
    ['ui.ts'],
  );
});

test('nothing is written as HTML, and no style attribute is set', () => {
  for (const { file, text } of read('.ts')) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\bstyle: ['\"`]/, file);
  }
});
