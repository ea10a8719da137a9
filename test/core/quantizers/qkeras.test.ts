// QKeras' quantizers against values that QKeras computed, and against the forms our own grammar has for them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { BitLensError } from '../../../src/core/errors.ts';
import { printFormat } from '../../../src/core/quantizers/format.ts';
import { fakeQuantize, selfContainedGrid } from '../../../src/core/quantizers/grid.ts';
import { wholeOf } from '../../../src/core/quantizers/qkeras/qkerasFunction.ts';
import {
  qkerasFunction,
  qkerasNames,
  qkerasQuantizer,
} from '../../../src/core/quantizers/qkeras/registry.ts';

type Values = readonly number[] | readonly (readonly number[])[];

interface Golden {
  readonly inputs: Readonly<Record<string, Values>>;
  readonly cases: readonly { quantizer: string; input: string; output: Values; str?: string }[];
}

const golden = JSON.parse(readFileSync(path.resolve('test/golden/quantizers.json'), 'utf8')) as Golden;

const flat = (values: Values) => Float32Array.from(values.flat());
const shapeOf = (values: Values) =>
  Array.isArray(values[0]) ? [values.length, values[0].length] : [values.length];
/** Numbers from JSON have lost the point of `1.0`. */
const plain = (text: string) => text.replace(/(\d)\.0\b/g, '$1');
const V = flat(golden.inputs['V']!);

const whole = (value: unknown, trained = false) => wholeOf(qkerasQuantizer(value, trained));

describe('values that QKeras computed', () => {
  for (const { quantizer, input, output, str } of golden.cases)
    test(`${quantizer} on ${input}`, () => {
      const values = golden.inputs[input]!;
      const made = whole(quantizer);
      const found = made.apply(flat(values), shapeOf(values));
      flat(output).forEach((expected, i) => {
        assert.ok(Math.abs(found[i]! - expected) <= 1e-6, `${i}: ${found[i]} instead of ${expected}`);
      });
      if (str !== undefined) assert.equal(plain(made.text), plain(str));
    });
});

test('every quantizer has values of QKeras, but those that it cannot compute or draws at random', () => {
  const known = new Set(golden.cases.map(({ quantizer }) => quantizer.replace(/\(.*/, '')));
  const missing = qkerasNames.filter((name) => !known.has(name));
  assert.deepEqual(missing, ['bernoulli', 'quantized_hswish', 'ternary_tanh']);
});

test('the remaining three: hard swish on a grid, the likelier draw, the dead band of ternary networks', () => {
  const x = Float32Array.of(-4, -1.5, 0, 0.5, 1, 6);
  const swish = [...x].map((v) => (v * Math.min(Math.max(v + 3, 0), 6)) / 6);
  const steps = swish.map((v) => Math.round(v * 32) / 32);
  assert.deepEqual(
    [...whole('quantized_hswish(8,2)').apply(x, [6])].map(Math.abs),
    steps.map((v) => Math.abs(Math.min(v, 127 / 32))),
  );
  const shifted = whole('quantized_hswish(8,2,relu_shift=2,relu_upper_bound=4)').apply(
    Float32Array.of(1),
    [1],
  );
  assert.deepEqual([...shifted], [0.75]);
  assert.deepEqual([...whole('bernoulli()').apply(x, [6])], [0, 0, 1, 1, 1, 1]);
  assert.deepEqual([...whole('ternary_tanh').apply(x, [6])], [-1, -1, 0, 0, 1, 1]);
});

const FORMATS: readonly (readonly [string, string | undefined])[] = [
  ['quantized_bits(8,0)', 'fixed<8,1>'],
  ['quantized_bits(6,2,alpha=1)', 'fixed<6,3>'],
  ['quantized_bits(4,2,0,keep_negative=False)', 'ufixed<4,2>'],
  ['quantized_bits(1,0)', 'fixed<1,1>'],
  ['quantized_bits(8,0,1)', undefined],
  ['quantized_bits(8,0,alpha=0.5)', undefined],
  ['quantized_bits(20,0)', undefined],
  ['quantized_linear(8,1,0)', 'fixed<8,2>'],
  ['quantized_linear(1,1)', 'fixed<1,1>'],
  ['quantized_relu(6,2)', 'ufixed<6,2>'],
  ['quantized_relu(6,2,0,0.25)', undefined],
  ['quantized_tanh(6)', 'fixed<6,1>'],
  ['quantized_sigmoid(6)', 'ufixed<6,0>'],
  ['binary()', 'fixed<1,1>'],
  ['binary(alpha=2)', 'fixed<1,2>'],
  ['ternary()', undefined],
  ['quantized_po2(4)', undefined],
];

test('where our grammar says the same, it does the same', () => {
  for (const [spelling, expected] of FORMATS) {
    const last = qkerasQuantizer(spelling, false).steps.at(-1)!;
    assert.equal(last.kind, 'quantize', spelling);
    const { format, grid, apply } = last.quantizer;
    assert.equal(format && printFormat(format), expected, spelling);
    const inside = spelling.includes('relu') ? V.map((x) => Math.max(x, 0)) : V;
    if (grid) assert.deepEqual(fakeQuantize(inside, grid), apply(inside, [V.length]), spelling);
    if (format)
      assert.deepEqual(fakeQuantize(inside, selfContainedGrid(format)!), apply(inside, [V.length]), spelling);
  }
});

test('a rounding follows its real function, so that the function remains without it', () => {
  const kinds = (spelling: string) =>
    qkerasQuantizer(spelling, false).steps.map((step) =>
      step.kind === 'activation' ? step.activation : step.kind,
    );
  assert.deepEqual(kinds('quantized_relu(6)'), [{ fn: 'relu', slope: 0, threshold: 0 }, 'quantize']);
  assert.deepEqual(kinds('quantized_relu(6,2,is_quantized_clip=False,relu_upper_bound=1.5)'), [
    { fn: 'relu', slope: 0, threshold: 0, max: 1.5 },
    'quantize',
  ]);
  assert.deepEqual(kinds('quantized_tanh(6)'), [{ fn: 'hardTanh' }, 'quantize']);
  assert.deepEqual(kinds('quantized_sigmoid(6,use_real_sigmoid=1)'), [{ fn: 'sigmoid' }, 'quantize']);
  assert.deepEqual(kinds('hard_sigmoid'), [{ fn: 'hardSigmoid', slope: 0.5, offset: 0.5 }]);
  assert.deepEqual(kinds('quantized_bits(6)'), ['quantize']);
});

describe('spellings', () => {
  const same = (value: unknown, text: string) => assert.equal(whole(value).text, text);

  test('objects of Keras 2 and 3, with values of NumPy', () => {
    const config = { bits: 6, integer: 0, symmetric: 0, alpha: 1, keep_negative: true, qnoise_factor: 1 };
    same({ class_name: 'quantized_bits', config }, 'quantized_bits(6,0,0,alpha=1)');
    same(
      {
        module: 'qkeras.quantizers',
        class_name: 'quantized_bits',
        registered_name: 'qkeras>quantized_bits',
        config: { ...config, integer: { class_name: '__numpy__', config: { value: 2, dtype: 'int64' } } },
      },
      'quantized_bits(6,2,0,alpha=1)',
    );
    same({ class_name: 'function', config: 'hard_tanh' }, 'hard_tanh');
    const perChannel = { ...config, alpha: { class_name: '__tensor__', config: { value: [[0.5, 2]] } } };
    const made = whole({ class_name: 'quantized_bits', config: perChannel });
    assert.deepEqual([...made.apply(Float32Array.of(0.5, 0.25, 0.25, 0.5), [2, 2])], [0.25, 0.5, 0.125, 1]);
  });

  test('of a nested spelling QKeras reads the name only', () =>
    same('quantized_relu(quantized_bits(4, 0, alpha=1), 0)', 'quantized_relu(8,0)'));

  test('a kernel whose quantizer names no factor gets powers of two, as in QKeras’ layers', () => {
    assert.equal(whole('quantized_bits(4,0)', true).text, "quantized_bits(4,0,1,alpha='auto_po2')");
    assert.equal(whole('binary', true).text, "binary(alpha='auto_po2')");
    assert.equal(whole('ternary(None)', true).text, "ternary(alpha='auto_po2')");
    assert.equal(whole('quantized_bits(4,0,alpha=1)', true).text, 'quantized_bits(4,0,0,alpha=1)');
    assert.equal(whole('quantized_po2(4)', true).text, 'quantized_po2(4)');
  });

  test('what is not QKeras’ is left to others', () => {
    assert.equal(qkerasFunction('relu'), undefined);
    assert.equal(qkerasFunction('toString'), undefined);
  });

  const WRONG: readonly (readonly [unknown, RegExp])[] = [
    ['quantized_foo(3)', /quantized_foo is unknown \(known are quantized_bits, .*quantized_po2/],
    ['quantized_bits(4,foo=1,bar=2)', /quantized_bits has no argument foo, bar/],
    ['quantized_tanh(4,0,0,0,0)', /quantized_tanh has no argument 5/],
    ['quantized_bits("x")', /quantized_bits with bits = "x"/],
    ['quantized_bits(0)', /quantized_bits with 0 bits/],
    ['quantized_bits(4,1e9)', /quantized_bits with 1000000000 integer bits/],
    ["quantized_bits(4,0,alpha='best')", /quantized_bits with alpha = "best"/],
    ["quantized_po2(4,log2_rounding='up')", /quantized_po2 with log2_rounding = up/],
    ["binary(alpha='auto',elements_per_scale=4)", /binary with elements_per_scale/],
    ["quantized_bits(1,0,alpha='auto')", /quantized_bits\(1,0,1,alpha='auto'\) has no codes/],
    ['quantized_bits(4', /cannot be read/],
    [{ class_name: 'quantized_bits', config: { bits: { deep: {} } } }, /cannot be read/],
    [17, /17 cannot be read/],
  ];
  test('what cannot be meant is told', () => {
    for (const [value, text] of WRONG)
      assert.throws(
        () => whole(value),
        (error: unknown) => BitLensError.is(error, 'unsupported') && text.test(error.message),
        JSON.stringify(value),
      );
  });
});
