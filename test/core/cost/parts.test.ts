import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Part } from '../../../src/core/cost/costs.ts';
import { findPart, isSevenSeries, PARTS } from '../../../src/core/cost/parts.ts';
import { BitLensError } from '../../../src/core/errors.ts';

const FOLDER = 'src/core/cost/parts';
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

test('every part file is complete, plausible, named as its id and registered', () => {
  assert.ok(files.length >= 25);
  for (const file of files) {
    const part = JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Part;
    assert.equal(`${part.id}.json`, file);
    const fields = ['id', 'title', 'family', 'lut', 'ff', 'dsp', 'bram', 'uram', 'source'];
    assert.deepEqual(Object.keys(part), fields, file);
    for (const text of [part.title, part.family, part.source]) assert.ok(text.length > 3, file);
    for (const count of [part.lut, part.ff, part.dsp, part.bram])
      assert.ok(Number.isInteger(count) && count > 0, file);
    assert.ok(Number.isInteger(part.uram) && part.uram >= 0, file);
    assert.equal(part.ff, 2 * part.lut, `${file}: two registers per LUT in all these families`);
    assert.equal(part.bram % 2, 0, `${file}: BRAM18 come in pairs`);
    assert.deepEqual(
      PARTS.find(({ id }) => id === part.id),
      part,
      `${file} is not in parts.ts`,
    );
  }
  assert.equal(PARTS.length, files.length);
});

test('parts are found by id and by order code', () => {
  assert.equal(findPart('xcvu9p').dsp, 6840);
  assert.equal(findPart('XCVU13P-flga2577-2-e').lut, 1_728_000);
  assert.throws(
    () => findPart('xc9999'),
    (error) =>
      BitLensError.is(error, 'bad-option') &&
      error.message.includes('xc9999') &&
      error.message.includes('xcvu9p'),
  );
});

test('7-series families', () => {
  assert.deepEqual(
    PARTS.filter(isSevenSeries).map(({ id }) => id),
    ['xc7z020', 'xc7z010', 'xc7z007s', 'xc7a35t', 'xc7a100t', 'xc7a200t', 'xc7k325t', 'xc7vx690t', 'xc7s50'],
  );
});
