// Which texts scripts/l10n.mjs finds for translators. That the file in l10n/ is up to date is a check of `npm test`.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';

interface Collected {
  readonly texts: ReadonlySet<string>;
  readonly problems: readonly string[];
}

const CORE = `
export type Sentence = readonly [template: string, ...args: readonly (string | number)[]];
export class BitLensError { constructor(kind: string, what: Sentence, hint?: Sentence) { void [kind, what, hint]; } }
export interface CostInfo { readonly id: string; readonly title: string; readonly unit: string }
export type Translate = (message: string, ...args: (string | number)[]) => string;
export declare const vscode: { readonly l10n: { t(message: string, ...args: unknown[]): string } };
`;

/** Texts of a file src/host/shown.ts that imports the types above. */
async function collect(context: TestContext, shown: string): Promise<Collected> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bitlens-texts-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const compilerOptions = {
    strict: true,
    module: 'preserve',
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  };
  const names = 'BitLensError, vscode, type CostInfo, type Sentence, type Translate';
  const files = {
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
    'src/core/types.ts': CORE,
    'src/host/shown.ts': `import { ${names} } from '../core/types.ts';\n${shown}`,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  const url = pathToFileURL(path.resolve('scripts/l10n/collect.mjs')).href;
  const { collectTexts } = (await import(url)) as { collectTexts: (root: string) => Collected };
  return collectTexts(folder);
}

test('what is given to the translator, to errors and to tables of texts is found', async (context) => {
  const { texts, problems } = await collect(
    context,
    `
    export const a = vscode.l10n.t('direct {0}', 1);
    export const b = (t: Translate, many: boolean): string => t(many ? 'several' : "one");
    export const c = (say: Translate): string => say('by its type');
    export const e = new BitLensError('bad-file', ['{0} is cut short.', 'x'], ['Copy it again.']);
    const wrong = (what: Sentence) => new BitLensError('bad-file', what);
    export const f = wrong(['{0} has no layers.', 'x']);
    const hint = ['Save it again.'] as const;
    const reason = 'It may be damaged.';
    export const g = [new BitLensError('bad-file', [reason], hint), wrong];
    export const h = (many: boolean): Sentence => (many ? ['Many.'] : ['Few.']);
    const COSTS: readonly CostInfo[] = [{ id: 'cost id', title: 'Cost title', unit: 'cost unit' }];
    export const i = (t: Translate) => COSTS.map(({ title, unit }) => t(title) + t(unit));
    export const j = (t: Translate) => t(COSTS.find(({ id }) => id === 'x')!.title);
    export const k = ['no sentence', 'no text'].map((text) => ({ title: 'no table', text }));
    `,
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...texts].sort(),
    [
      'direct {0}',
      'several',
      'one',
      'by its type',
      '{0} is cut short.',
      'Copy it again.',
      '{0} has no layers.',
      'Save it again.',
      'It may be damaged.',
      'Many.',
      'Few.',
      'Cost title',
      'cost unit',
    ].sort(),
  );
});

test('a text that a translator cannot know is reported with its place', async (context) => {
  const { problems } = await collect(
    context,
    `export const a = (t: Translate, name: string): string => t(\`Hello \${name}\`);
export const b = (template: string) => new BitLensError('bad-file', [template, 1]);
export const c = (text: string) => vscode.l10n.t(text);`,
  );
  assert.deepEqual(problems, [
    'src/host/shown.ts:2: `Hello ${name}` is not a constant text.',
    'src/host/shown.ts:3: template is not a constant text.',
    'src/host/shown.ts:4: text is not a constant text.',
  ]);
});
