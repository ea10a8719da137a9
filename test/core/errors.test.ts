import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError, say } from '../../src/core/errors.ts';

test('a sentence fills its placeholders and leaves unknown ones', () => {
  assert.equal(say(['{0} of {1}, {2}', 'a', 2]), 'a of 2, {2}');
});

test('an error survives the wire with kind, sentence and hint', () => {
  const error = new BitLensError('bad-file', ['{0} ends early.', 'm.h5'], ['Save it again.']);
  const copy = BitLensError.fromWire(structuredClone(error.toWire()));
  assert.ok(BitLensError.is(copy, 'bad-file'));
  assert.equal(copy.message, 'm.h5 ends early. Save it again.');
});

test('a thrown value of another type becomes internal, an abort becomes cancelled', () => {
  assert.equal(BitLensError.from(new TypeError('x')).kind, 'internal');
  assert.equal(BitLensError.from(new DOMException('stop', 'AbortError')).kind, 'cancelled');
});
