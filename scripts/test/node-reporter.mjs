// Reporter of node:test for scripts/test.mjs: prints failures in full, counts into the file BITLENS_TEST_RESULTS.
// With BITLENS_TEST_LIST=1 it prints passed tests too, a line each. Skipped and todo tests are neither.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';

const list = process.env.BITLENS_TEST_LIST === '1';
/** The built file (out/test/ui/a.test.js) or its source (test/ui/a.test.ts), by what both have in common: ui/a. */
const shortName = (file) =>
  path
    .relative('.', file)
    .replace(/^(out\/)?test\//, '')
    .replace(/\.test\.[jt]s$/, '');
const indent = (text, width) => text.replace(/^(?=.)/gm, ' '.repeat(width));

/** Prefixes of stack lines that say nothing about the test. */
const FOREIGN_FRAME = /^\s+at .*(node:internal|node:async_hooks|node:events)/;

export default async function* report(events) {
  const counts = { passed: 0, failed: 0 };
  const printed = new Map(); // file -> what it wrote to stdout and stderr
  const names = []; // names of the tests around the current one
  for await (const { type, data } of events) {
    if (type === 'test:start') names.splice(data.nesting, Infinity, data.name);
    if (type === 'test:stdout' || type === 'test:stderr') {
      printed.set(data.file, (printed.get(data.file) ?? '') + data.message);
    }
    if (type === 'test:pass' || type === 'test:fail') {
      const verdict = judge(type, data);
      if (verdict) counts[verdict.passed ? 'passed' : 'failed']++;
      yield* show(verdict, data, names);
    }
    // A file's own "complete" comes before its tests' results, which are held back until it is its turn.
    if (type === 'test:complete' && isFile(data) && data.details.error) {
      const output = printed.get(data.file);
      if (output) yield `\n  ${shortName(data.file)} printed:\n${indent(output.trimEnd(), 6)}\n`;
    }
  }
  const results = process.env.BITLENS_TEST_RESULTS;
  if (results) writeFileSync(results, JSON.stringify(counts));
}

/** node:test also reports each file as if it were a test, when it failed as a whole or when nothing ran in it. */
const isFile = (data) =>
  data.nesting === 0 && data.file !== undefined && path.resolve(data.name) === data.file;

/** @returns {{ passed: boolean, error?: unknown } | undefined} undefined for what does not count */
function judge(type, data) {
  if (data.skip !== undefined || data.todo !== undefined) return undefined;
  const { error } = data.details;
  if (isFile(data)) return { passed: false, error: error ?? 'The file ended without running a test.' };
  if (type === 'test:pass') return data.details.type === 'suite' ? undefined : { passed: true };
  // A group fails with its tests, which were counted; on its own account only when one of its hooks failed.
  if (error?.failureType === 'subtestsFailed') return undefined;
  return { passed: false, error };
}

function* show(verdict, data, names) {
  if (!verdict || (verdict.passed && !list)) return;
  const name = isFile(data) ? 'the file itself' : names.slice(0, data.nesting + 1).join(' > ');
  const title = `${shortName(data.file)}: ${name}`;
  if (verdict.passed) {
    yield `  ✔ ${title} (${(data.details.duration_ms / 1000).toFixed(1)} s)\n`;
  } else {
    yield `\n  ✖ ${title}\n${indent(describe(verdict.error), 6)}\n\n`;
  }
}

function describe(error) {
  const cause = error?.cause ?? error;
  return textOf(cause)
    .split('\n')
    .filter((line) => !FOREIGN_FRAME.test(line))
    .join('\n');
}

/** What a failed comparison holds besides its stack is in its message already. */
function textOf(cause) {
  if (cause === 'test failed') return 'It ended with an error outside its tests; what it printed is above.';
  if (typeof cause === 'string') return cause;
  return cause?.code === 'ERR_ASSERTION' ? cause.stack : inspect(cause, { depth: 8 });
}
