// node scripts/l10n.mjs: writes l10n/bundle.l10n.json, every text the extension shows, for translators. A translation is
// a copy named bundle.l10n.<language>.json. With --check it writes nothing and fails when the file is not up to date.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { collectTexts } from './l10n/collect.mjs';
import { root } from './setup/paths.mjs';

const NAME = 'l10n/bundle.l10n.json';
const file = path.join(root, NAME);

const { texts, problems } = collectTexts(root);
const sorted = [...texts].sort((a, b) => (a < b ? -1 : 1));
const wanted = `${JSON.stringify(Object.fromEntries(sorted.map((text) => [text, text])), null, 2)}\n`;
const current = existsSync(file) ? readFileSync(file, 'utf8') : '';

if (!process.argv.includes('--check')) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, wanted);
} else if (current !== wanted) {
  problems.push(`${NAME} is not up to date: run node scripts/l10n.mjs.`);
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
