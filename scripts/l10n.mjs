// node scripts/l10n.mjs: writes l10n/bundle.l10n.json, every text the extension shows, for translators. A translation is
// a copy named bundle.l10n.<language>.json. With --check it writes nothing and fails when the file is not up to date.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { collectTexts } from './l10n/collect.mjs';
import { root } from './setup/paths.mjs';

const FILE = 'l10n/bundle.l10n.json';

/** What the sources say the file must hold, and what of them cannot be translated. */
export function expectedBundle() {
  const { texts, problems } = collectTexts(root);
  const sorted = [...texts].sort((a, b) => (a < b ? -1 : 1));
  const bundle = Object.fromEntries(sorted.map((text) => [text, text]));
  return { content: `${JSON.stringify(bundle, null, 2)}\n`, problems };
}

/** Sentences on what is wrong; none when all is well. */
export function checkBundle() {
  const { content, problems } = expectedBundle();
  const stale = read() === content ? [] : [`${FILE} is not up to date: run node scripts/l10n.mjs.`];
  return [...problems, ...stale];
}

function read() {
  try {
    return readFileSync(path.join(root, FILE), 'utf8');
  } catch {
    return '';
  }
}

function main() {
  if (!process.argv.includes('--check')) writeFileSync(path.join(root, FILE), expectedBundle().content);
  const wrong = checkBundle();
  for (const sentence of wrong) console.error(sentence);
  if (wrong.length > 0) process.exitCode = 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href)
  main();
