import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtures, table } from './fixture.ts';

for (const one of fixtures()) {
  test(`${one.name}: links between code and layers`, () => {
    assert.equal(table(one), one.expected);
  });
}
