// The scan of source files for layers: milliseconds per 1,000 lines, how much of it is parsing, and how it grows with
// the length of a file. `npm run bench -- scan FOLDER` scans the sources below a folder as well.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SourceLanguage } from '../src/core/source/callSite.ts';
import { scan } from '../src/core/source/scan.ts';
import { parseJavaScript } from '../src/core/source/syntax/javascript.ts';
import { parsePython } from '../src/core/source/syntax/python.ts';
import { formatTable } from '../src/cli/table.ts';
import { median, pair, spread } from './support/sideBySide.ts';

const LANGUAGES: Readonly<Record<string, SourceLanguage>> = {
  '.py': 'python',
  '.js': 'javascript',
  '.ts': 'typescript',
};
const ROUNDS = 9;
/** Lines one timing works through, so that small files take long enough to be timed. */
const WORK_LINES = 4000;
const LONGER = 8;

interface Source {
  readonly text: string;
  readonly language: SourceLanguage;
}

/** Fixtures in JavaScript end in .js.txt, so that no tool takes them for code of ours. */
function sourcesBelow(folder: string): Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.includes('node_modules'))
    .flatMap((file) => {
      const language = LANGUAGES[path.extname(file.replace(/\.txt$/, ''))];
      return language ? [{ text: readFileSync(path.join(folder, file), 'utf8'), language }] : [];
    });
}

const linesOf = ({ text }: Source): number => text.split('\n').length;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function scanAll(sources: readonly Source[]): void {
  for (const { text, language } of sources) scan(text, language);
}

function parseAll(sources: readonly Source[]): void {
  for (const { text, language } of sources) {
    if (language === 'python') parsePython(text);
    else parseJavaScript(text, language === 'typescript');
  }
}

async function compare(sources: readonly Source[], title: string): Promise<string[]> {
  const lines = sum(sources.map(linesOf));
  const repeats = Math.max(1, Math.round(WORK_LINES / lines));
  const repeat = (work: (sources: readonly Source[]) => void) => (): void => {
    for (let i = 0; i < repeats; i++) work(sources);
  };
  await pair(true, repeat(scanAll), repeat(parseAll)); // warm-up
  const times: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { a, b } = await pair(round % 2 === 0, repeat(scanAll), repeat(parseAll));
    times.push(a.ms);
    ratios.push(a.ms / b.ms);
  }
  const perThousand = (median(times) / repeats / lines) * 1000;
  return [title, String(sources.length), String(lines), perThousand.toFixed(2), spread(ratios)];
}

/** A file, and the same statements several times over in one file. */
async function growth(sources: readonly Source[], language: SourceLanguage): Promise<string> {
  const text = sources
    .filter((source) => source.language === language)
    .map((source) => source.text)
    .join('\n');
  const long = Array.from({ length: LONGER }, () => text).join('\n');
  const ratios: number[] = [];
  scan(long, language); // warm-up
  for (let round = 0; round < ROUNDS; round++) {
    const { a, b } = await pair(
      round % 2 === 0,
      () => scan(text, language),
      () => scan(long, language),
    );
    ratios.push(b.ms / a.ms);
  }
  return `${language}, ${LONGER} times the length: ${spread(ratios)} times the time`;
}

async function main(): Promise<void> {
  const fixtures = [...sourcesBelow('test/fixtures/source'), ...sourcesBelow('examples/digits')];
  const rows: string[][] = [];
  for (const language of ['python', 'javascript', 'typescript'] as const) {
    const own = fixtures.filter((source) => source.language === language);
    if (own.length > 0) rows.push(await compare(own, language));
  }
  const folder = process.argv[2];
  if (folder !== undefined)
    rows.push(await compare(sourcesBelow(path.resolve(folder)), path.basename(folder)));
  const columns = [
    { title: 'Sources' },
    ...['files', 'lines', 'ms / 1,000 lines', 'scan / parse alone'].map((title) => ({
      title,
      align: 'right' as const,
    })),
  ];
  console.log(`\n${formatTable(columns, rows)}\n`);
  for (const language of ['python', 'javascript'] as const) console.log(await growth(fixtures, language));
}

void main();
