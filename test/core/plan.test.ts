import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { prepare } from '../../src/core/ir/prepare.ts';
import { bindPlan, printPlan, readPlan } from '../../src/core/plan.ts';
import { parseFormat } from '../../src/core/quantizers/format.ts';
import { graphBuilder } from '../support/graphBuilder.ts';

const formats = {
  'x/input': 'fixed<8,2>',
  'fc/weight': 'int4 per-channel',
  'fc/bias': 'int8 asymmetric scale=0.0123 zero=-4',
};

function slots() {
  const build = graphBuilder();
  return prepare(build.graph([build.dense('fc', build.input('x', [3]), 2)])).slots;
}

test('what is printed is read back', () => {
  assert.deepEqual(readPlan(printPlan('m.keras', formats, 'minmax'), 'p.json'), { formats, range: 'minmax' });
});

test('a plan without a range means MSE; spellings are made uniform', () => {
  const text = '{"version": 1, "formats": {"fc/weight": " fixed< 4, 0 > "}}';
  assert.deepEqual(readPlan(text, 'p.json'), { formats: { 'fc/weight': 'fixed<4,0>' }, range: 'mse' });
});

const BROKEN: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['text that is no JSON', '{"version": 1', /^p\.json is not JSON/],
  ['an array', '[]', /^p\.json has no “formats”/],
  ['null', 'null', /^p\.json has no “formats”/],
  ['no formats', '{"version": 1}', /^p\.json has no “formats”/],
  ['formats in a list', '{"version": 1, "formats": []}', /^p\.json has no “formats”/],
  ['another version', '{"version": 2, "formats": {}}', /^p\.json is a plan of version 2.*reads version 1/],
  [
    'a format that is a number',
    '{"version": 1, "formats": {"a/weight": 8}}',
    /^p\.json: the format of a\/weight/,
  ],
  ['a format nobody knows', '{"version": 1, "formats": {"a/weight": "int99"}}', /int99/],
  [
    'an unknown range',
    '{"version": 1, "range": "best", "formats": {}}',
    /^p\.json: “best”.*minmax, percentile, mse/,
  ],
];
for (const [what, text, message] of BROKEN) {
  test(`${what} is refused`, () => {
    assert.throws(
      () => readPlan(text, 'p.json'),
      (error) => BitLensError.is(error, 'bad-plan') && message.test(error.message),
    );
  });
}

test('formats are bound to slots', () => {
  const bound = bindPlan(formats, slots());
  assert.deepEqual([...bound.keys()], Object.keys(formats));
  assert.deepEqual(bound.get('fc/weight'), parseFormat('int4 per-channel'));
});

test('all slots the model does not have are named, and those it has', () => {
  const plan = { ...formats, 'fc2/weight': 'int8', 'fc/kernel': 'int8' };
  assert.throws(
    () => bindPlan(plan, slots()),
    (error) =>
      BitLensError.is(error, 'bad-plan') &&
      error.message ===
        'The model has no slot named fc2/weight, fc/kernel. Its slots are x/input, fc/weight, fc/bias.',
  );
});

test('names of object members are no slots', () => {
  const plan = readPlan('{"version": 1, "formats": {"__proto__": "int8", "constructor": "int8"}}', 'p.json');
  assert.throws(() => bindPlan(plan.formats, slots()), /no slot named .*constructor/);
});
