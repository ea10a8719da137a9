// Fixtures of test/fixtures/source: a source file, the layers of a model file, and the links expected between them.
// Sources that are not Python end in `.txt`, so that no tool takes them for code of this repository.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matchSource, type LayerLike, type SourceMatch } from '../../../src/core/source/align.ts';
import type { CallSite, SourceLanguage } from '../../../src/core/source/callSite.ts';
import { scan } from '../../../src/core/source/scan.ts';

const FOLDER = join(process.cwd(), 'test/fixtures/source');

export interface Fixture {
  readonly name: string;
  readonly text: string;
  readonly language: SourceLanguage;
  readonly layers: readonly LayerLike[];
  readonly expected: string;
}

const LANGUAGES: Readonly<Record<string, SourceLanguage>> = {
  '.py': 'python',
  '.js.txt': 'javascript',
  '.ts.txt': 'typescript',
};

export function fixtures(): Fixture[] {
  const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => {
      const [name, extension] = Object.keys(LANGUAGES).flatMap((end) =>
        file.endsWith(end) ? [file.slice(0, -end.length), end] : [],
      );
      if (name === undefined || extension === undefined) return [];
      const layers = JSON.parse(read(`${name}.layers.json`)) as LayerLike[];
      const expected = read(`${name}.expected.txt`);
      return [{ name, text: read(file), language: LANGUAGES[extension]!, layers, expected }];
    });
}

export function fixture(name: string): Fixture {
  const found = fixtures().find((one) => one.name === name);
  if (!found) throw new Error(`no fixture ${name}`);
  return found;
}

export const lineOf = (text: string, site: CallSite): number =>
  text.slice(0, site.range.from).split('\n').length;

/** One line per layer, `line class -> layer confidence`, then the calls without a layer, then the verdict. */
export function table({ text, language, layers }: Omit<Fixture, 'name' | 'expected'>): string {
  const sites = scan(text, language);
  const { links, fit } = matchSource(layers, sites);
  const rows = layers.flatMap(({ id }) => {
    const mine = links.filter((link) => link.layer === id);
    if (mine.length === 0) return [`- -> ${id}`];
    return mine.map(
      ({ site, confidence }) => `${lineOf(text, site)} ${site.className} -> ${id} ${confidence}`,
    );
  });
  const linked = new Set(links.map((link) => link.site));
  const free = sites
    .filter((site) => !linked.has(site))
    .map((site) => `${lineOf(text, site)} ${site.className} -> -`);
  return [...rows, ...free, ...verdict(text, fit)].join('\n') + '\n';
}

function verdict(text: string, fit: SourceMatch['fit']): string[] {
  if (fit.state !== 'differs') return [fit.state];
  const mismatches = fit.mismatches.map(({ why, site }) => `  ${site ? lineOf(text, site) : '-'} ${why}`);
  return [fit.state, ...mismatches];
}
