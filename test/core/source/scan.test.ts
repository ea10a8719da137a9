import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Argument, CallSite, SourceLanguage } from '../../../src/core/source/callSite.ts';
import { scan } from '../../../src/core/source/scan.ts';

const print = (argument: Argument): string =>
  'literal' in argument ? JSON.stringify(argument.literal) : '?';

/** `Conv2D filters=8 kernel_size=[3,3]`, one call each. */
function shown(text: string, language: SourceLanguage = 'python'): string[] {
  return scan(text, language).map(({ className, positional, keywords }) =>
    [
      className,
      ...positional.map(print),
      ...Object.entries(keywords).map(([key, value]) => `${key}=${print(value)}`),
    ].join(' '),
  );
}

const keras = (code: string): string[] => shown(`from tensorflow.keras import layers as L\n${code}`);
const tfjs = (code: string): string[] =>
  shown(`import * as tf from '@tensorflow/tfjs';\n${code}`, 'javascript');

test('positional arguments get the keyword names of the class', () => {
  assert.deepEqual(keras('L.Conv2D(8, (3, 3), 2, "same")'), [
    'Conv2D filters=8 kernel_size=[3,3] strides=2 padding="same"',
  ]);
  assert.deepEqual(keras('L.DepthwiseConv2D(3, strides=2)'), ['DepthwiseConv2D kernel_size=3 strides=2']);
  assert.deepEqual(keras('L.BatchNormalization(-1, 0.9)'), ['BatchNormalization axis=-1 momentum=0.9']);
  assert.deepEqual(keras('L.Dense(10, None, False)'), ['Dense units=10 use_bias=false']);
  assert.deepEqual(keras('L.Dropout(.5)'), ['Dropout rate=0.5']);
  // Keras 2 and 3 differ in what comes sixth.
  assert.deepEqual(keras('L.SeparableConv2D(8, 3, 1, "same", None, 2)'), [
    'SeparableConv2D 2 filters=8 kernel_size=3 strides=1 padding="same"',
  ]);
});

test('literals are folded, what is in doubt is unknown', () => {
  assert.deepEqual(keras('L.Dense(2 * 8 + 1, name="a" "b")'), ['Dense units=17 name="ab"']);
  assert.deepEqual(keras('L.Rescaling(1. / 4, offset=-1)'), ['Rescaling scale=0.25 offset=-1']);
  assert.deepEqual(keras('L.Dense(1_000, name=f"d{1 + 1}_{3}")'), ['Dense units=1000 name="d2_3"']);
  assert.deepEqual(keras('L.Dense(units(), name=f"{n:02d}")'), ['Dense units=? name=?']);
  assert.deepEqual(keras('L.Conv2D(8, [3, k], kernel_regularizer=l2(1))'), [
    'Conv2D filters=8 kernel_size=? kernel_regularizer=?',
  ]);
  assert.deepEqual(keras('L.Dense(16 if False else 8)'), ['Dense units=8']);
});

test('constants are followed only where they are assigned once', () => {
  assert.deepEqual(keras('N = 4\ndef f():\n  M = N * 2\n  L.Dense(M)'), ['Dense units=8']);
  assert.deepEqual(keras('a, b = 1, 2\nL.Dense(b)'), ['Dense units=2']);
  for (const change of ['N = 5', 'N += 1', 'for N in x: pass', 'def g():\n  global N\n  N = 1', 'del N'])
    assert.deepEqual(keras(`N = 4\n${change}\nL.Dense(N)`), ['Dense units=?'], change);
  assert.deepEqual(keras('K = [3, 3]\nL.Conv2D(8, K)'), ['Conv2D filters=8 kernel_size=[3,3]']);
  assert.deepEqual(keras('K = [3, 3]\nK.append(3)\nL.Conv2D(8, K)'), ['Conv2D filters=8 kernel_size=?']);
  assert.deepEqual(keras('N = 4\ndef f(N):\n  L.Dense(N)'), ['Dense units=?']);
  assert.deepEqual(keras('N = 4\n[L.Dense(N) for N in x]'), ['Dense units=?']);
  assert.deepEqual(keras('while x:\n  N = 4\n  L.Dense(N)'), ['Dense units=?']);
  assert.deepEqual(tfjs('let n = 4; tf.layers.dense({ units: n })'), ['Dense units=4']);
  assert.deepEqual(tfjs('let n = 4; function f() { n = 5; } tf.layers.dense({ units: n })'), [
    'Dense units=?',
  ]);
  assert.deepEqual(tfjs('let n; n = 4; tf.layers.dense({ units: n })'), ['Dense units=4']);
  assert.deepEqual(tfjs('let n; function f() { n = 4; } tf.layers.dense({ units: n })'), ['Dense units=?']);
});

test('parameters hide constants, and are known where a call passes literals', () => {
  assert.deepEqual(tfjs('const units = 4; function f({ units }) { tf.layers.dense({ units }); }'), [
    'Dense units=?',
  ]);
  const [site] = scan(
    'import keras\ndef f(n, k=2, *rest, a=1):\n  keras.layers.Dense(n, name=f"{k}{a}")\nf(3, a=5)\nf(*x)\nf(4, 6)',
    'python',
  );
  assert.deepEqual(
    site?.occurrences?.map(({ root, keywords }) => [root, keywords]),
    [
      ['', { units: { literal: 3 }, name: { literal: '25' } }],
      ['', { units: { unknown: true }, name: { unknown: true } }],
      ['', { units: { literal: 4 }, name: { literal: '61' } }],
      ['f', undefined],
    ],
  );
});

test('conditions that are known are followed, code that cannot be reached is left out', () => {
  const ways = (code: string): string[] =>
    scan(`from keras import layers as L\n${code}`, 'python').flatMap(({ keywords, occurrences }) =>
      (occurrences ?? []).map(
        ({ root, arms }) => `${print(keywords['units']!)} ${root}${arms.length > 0 ? '?' : ''}`,
      ),
    );
  const block = 'def f(deep=False):\n  if deep: L.Dense(1)\n  else: L.Dense(2)\n';
  assert.deepEqual(ways(block), ['1 f?', '2 f?']);
  assert.deepEqual(ways(`${block}f()`), ['1 f?', '2 ', '2 f?']);
  assert.deepEqual(ways(`${block}f(deep=True)`), ['1 ', '1 f?', '2 f?']);
  assert.deepEqual(ways('def f(x):\n  if x: return\n  else: raise x\n  L.Dense(1)'), []);
});

test('whatever name Keras is imported under', () => {
  const cases = [
    'import keras\nkeras.layers.Dense(1)',
    'import tensorflow as tf\ntf.keras.layers.Dense(1)',
    'import tensorflow.keras.layers\ntensorflow.keras.layers.Dense(1)',
    'import tensorflow.keras.layers as KL\nKL.Dense(1)',
    'from keras.layers import (Dense as D,\n  Flatten)\nD(1)',
    'from keras.layers.core import Dense\nDense(1)',
    'from tf_keras.layers import *\nDense(1)',
    'from tensorflow.keras import *\nlayers.Dense(1)',
    'import tensorflow as tf\nDense = tf.keras.layers.Dense\nDense(1)',
    'try:\n  from keras import layers\nexcept ImportError:\n  from tensorflow.keras import layers\nlayers.Dense(1)',
    'def build(keras):\n  layers = keras.layers\n  layers.Dense(1)',
    'def build():\n  from keras.layers import Dense\n  Dense(1)',
  ];
  for (const text of cases) assert.deepEqual(shown(text), ['Dense units=1'], text);
});

test('other things of the same name are no layers', () => {
  const cases = [
    'from mykeras.blocks import Dense\nDense(1)',
    'from keras.layers import Dense\ndef Dense(x): pass\nDense(1)',
    'from keras.layers import *\ndef f(Dense):\n  g(Dense)\n# Dense(1)',
    'import keras\nkeras.regularizers.Dense(1)',
    'import keras\nlayers = [1]\nlayers.Dense(1)',
    'from keras.layers import *\nmodel.add(x)\nmodel.dot(y)',
    'text = """from keras.layers import Dense\nDense(1)"""',
    'from keras.layers import Dense  # Dense(1)\nd = Dense\nisinstance(x, Dense)',
  ];
  for (const text of cases) assert.deepEqual(shown(text), [], text);
});

test('wiring, shorthand functions and nested layers', () => {
  assert.deepEqual(keras('L.Dense(1)(L.Dense(2)(x))'), ['Dense units=1', 'Dense units=2']);
  assert.deepEqual(keras('L.concatenate([L.Dense(2)(x), y], axis=1)'), [
    'Concatenate axis=1',
    'Dense units=2',
  ]);
  assert.deepEqual(keras('L.Dense(1, activation=L.ReLU())'), ['Dense units=1 activation=?']);
  assert.deepEqual(keras('L.TimeDistributed(L.Dense(5), name="t")'), ['TimeDistributed layer=? name="t"']);
  const [site] = scan('import keras\nx = keras.layers.Dense(10)(x)', 'python');
  assert.ok(site);
  assert.deepEqual(site.range, { from: 17, to: 39 });
  assert.deepEqual(site.calleeRange, { from: 17, to: 35 });
});

test('TF.js options become Keras keywords', () => {
  assert.deepEqual(
    tfjs('tf.layers.conv2d({ filters: 8, kernelSize: [3, 3], useBias: !1, "name": `c${1}` })'),
    ['Conv2D filters=8 kernel_size=[3,3] use_bias=false name="c1"'],
  );
  const functions = {
    conv2dTranspose: 'Conv2DTranspose',
    maxPool2d: 'MaxPooling2D',
    avgPooling1d: 'AveragePooling1D',
    globalMaxPooling2d: 'GlobalMaxPooling2D',
    upSampling2d: 'UpSampling2D',
    cropping2D: 'Cropping2D',
    reLU: 'ReLU',
    leakyReLU: 'LeakyReLU',
    prelu: 'PReLU',
    elu: 'ELU',
    lstm: 'LSTM',
    simpleRNN: 'SimpleRNN',
    spatialDropout1d: 'SpatialDropout1D',
    inputLayer: 'InputLayer',
  };
  for (const [name, className] of Object.entries(functions))
    assert.deepEqual(tfjs(`tf.layers.${name}()`), [className], name);
  assert.deepEqual(tfjs('tf.layers.dense(options); tf.layers.nothing({}); layers.dense({})'), ['Dense']);
});

test('whatever name TF.js is imported under', () => {
  const cases = [
    'tf.layers.dense({ units: 1 })',
    "const tfn = require('@tensorflow/tfjs-node'); tfn.layers.dense({ units: 1 })",
    "import { layers as L } from '@tensorflow/tfjs'; L.dense({ units: 1 })",
    "const { dense: d } = (await import('@tensorflow/tfjs')).layers; d({ units: 1 })",
    "import * as tf from '@tensorflow/tfjs'; const { dense } = tf.layers; dense({ units: 1 })",
    "import * as tf from './tf.js'; // layers\nfunction f(tf) { return tf.layers.dense({ units: 1 }).apply(x); }",
  ];
  for (const text of cases) assert.deepEqual(shown(text, 'typescript'), ['Dense units=1'], text);
});

test('loops and comprehensions repeat a call, also from the outside', () => {
  const repeated = (code: string): boolean[] =>
    scan(`from keras import layers as L\n${code}`, 'python').map((site: CallSite) => site.repeated);
  assert.deepEqual(repeated('for i in x:\n  L.Dense(1)\nL.Dense(2)'), [true, false]);
  assert.deepEqual(repeated('while x:\n  L.Dense(1)'), [true]);
  assert.deepEqual(repeated('m = [L.Dense(1) for i in x]'), [true]);
  assert.deepEqual(repeated('f(L.Dense(i) for i in x)'), [true]);
  assert.deepEqual(repeated('def f():\n  L.Dense(1)\nfor i in x: f()'), [true]);
  assert.deepEqual(repeated('def f(n):\n  L.Dense(1)\n  if n: f(n - 1)'), [true]);
  const script =
    'xs.map((u) => tf.layers.dense({ units: u })); tf.tidy(() => tf.layers.dense({ units: 1 }));';
  assert.deepEqual(
    scan(script, 'javascript').map((site) => site.repeated),
    [true, false],
  );
});

test('half-typed calls do not swallow the calls behind them', () => {
  assert.deepEqual(keras('m.add(L.Dense(64,\nm.add(L.Dense(10))'), ['Dense units=64', 'Dense units=10']);
  assert.deepEqual(keras('x = L.Dense(\nunits = 3\ny = L.Dense(units=4)'), ['Dense', 'Dense units=4']);
  assert.deepEqual(tfjs('m.add(tf.layers.dense({units: 1, \nm.add(tf.layers.flatten());'), [
    'Dense',
    'Flatten',
  ]);
});

test('hostile text is answered in bounded time', () => {
  const chain = Array.from({ length: 40 }, (_, i) => `def f${i + 1}(x): return f${i}(f${i}(x))\n`).join('');
  const cases: [string, SourceLanguage, number][] = [
    [`keras${'('.repeat(100_000)}`, 'python', 0],
    [`layers${'([{'.repeat(30_000)}`, 'javascript', 0],
    [`keras = ${'-'.repeat(20_000)}1`, 'python', 0],
    [`import keras\n${'a.'.repeat(5_000)}b`, 'python', 0],
    [`from keras.layers import Dense\ndef f0(x): return Dense(1)(x)\n${chain}`, 'python', 1],
    [
      `from keras.layers import Dense\n${Array.from({ length: 60 }, (_, i) => `a${i + 1} = a${i} + a${i}\n`).join('')}Dense(a60)`,
      'python',
      1,
    ],
    ['x'.repeat(1_000_001), 'python', 0],
    [`import keras\nkeras.layers.Dense(1)\n${'['.repeat(501)}`, 'python', 0],
    [`import keras\nkeras.layers.Dense(1)\n${'['.repeat(499)}`, 'python', 1],
  ];
  for (const [text, language, count] of cases) assert.equal(scan(text, language).length, count);
});
