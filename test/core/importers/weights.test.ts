// Finding the values of each variable: names, order, shapes, and what is missing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { snakeCase } from '../../../src/core/source/naming.ts';
import { openModel } from '../../../src/core/importers/registry.ts';
import { memorySource, textSource } from '../../support/memorySource.ts';
import {
  fixtureBytes,
  fixtureSource,
  layer,
  openJson,
  refuses,
  sequential,
  valuesOf,
  weightsFile,
} from './support.ts';

const dense = (name: string, units: number) => layer('Dense', { name, units });
const net = sequential([2], [dense('one', 3), dense('two', 1)]);

describe('legacy HDF5', () => {
  test('layers are found by name', async () => {
    const file = await weightsFile({
      two: { k: [3, 1], b: [1] },
      one: { k: [2, 3], b: Float32Array.of(7, 8, 9) },
    });
    const values = valuesOf(await openJson(net, file));
    assert.deepEqual([...values.get('one/bias')!], [7, 8, 9]);
    assert.deepEqual([...values.get('two/kernel')!], [0, 1, 2]);
  });

  test('layers that Keras numbered otherwise are found by order', async () => {
    const file = await weightsFile({
      flatten: {},
      dense_7: { k: [2, 3], b: [3] },
      dense_8: { k: [3, 1], b: Float32Array.of(5) },
    });
    assert.deepEqual([...valuesOf(await openJson(net, file)).get('two/bias')!], [5]);
  });

  test('variables that cannot be trained come last, unless the names say otherwise', async () => {
    const norm = { name: 'norm', trainable: false };
    const inner = { name: 'inner', layers: [layer('BatchNormalization', norm), dense('d', 2)] };
    const nested = sequential([2], [{ class_name: 'Sequential', config: inner }]);
    const vector = (value: number) => Float32Array.of(value, value);
    const frozen = {
      'd/kernel:0': [2, 2],
      'd/bias:0': vector(1),
      'norm/gamma:0': vector(2),
      'norm/beta:0': vector(3),
      'norm/moving_mean:0': vector(4),
      'norm/moving_variance:0': vector(5),
    };
    const trainable = {
      'norm/gamma:0': vector(2),
      'norm/beta:0': vector(3),
      'd/kernel:0': [2, 2],
      'd/bias:0': vector(1),
      'norm/moving_mean:0': vector(4),
      'norm/moving_variance:0': vector(5),
    };
    for (const inside of [frozen, trainable]) {
      const values = valuesOf(await openJson(nested, await weightsFile({ inner: inside })));
      const first = [
        'inner/d/bias',
        'inner/norm/gamma',
        'inner/norm/beta',
        'inner/norm/moving_mean',
        'inner/norm/moving_variance',
      ];
      assert.deepEqual(
        first.map((name) => values.get(name)![0]),
        [1, 2, 3, 4, 5],
      );
    }
  });

  test('a missing layer, a wrong number and a wrong shape are told with layer and weight', async () => {
    const open = async (two: Readonly<Record<string, readonly number[]>>) =>
      openJson(net, await weightsFile({ one: { k: [2, 3], b: [3] }, two }));
    await refuses(
      openJson(net, await weightsFile({ one: { k: [2, 3], b: [3] } })),
      'missing-weights',
      /net\.weights\.h5 does not hold kernel of layer two \(Dense\)/,
    );
    await refuses(open({}), 'missing-weights', /kernel of layer two/);
    await refuses(
      open({ k: [3, 1] }),
      'bad-file',
      /holds 1 weights of layer two, but the architecture asks for 2/,
    );
    await refuses(
      open({ k: [4, 1], b: [1] }),
      'bad-file',
      /net\.json: two\/kernel \(\/two\/k\) is 4×1, but the architecture asks for 3×1/,
    );
  });

  test('values that are not finite are refused', async () => {
    const file = await weightsFile({
      one: { k: [2, 3], b: Float32Array.of(0, NaN, 0) },
      two: { k: [3, 1], b: [1] },
    });
    await refuses(openJson(net, file), 'bad-file', /one\/bias .* not finite/);
  });

  test('a file of something else is not weights', async () => {
    await refuses(openJson(net, textSource('notes.h5', 'no')), 'bad-file', /notes\.h5 is not an HDF5 file/);
  });
});

describe('Keras 3', () => {
  test('classes are written in Keras’s snake case', () => {
    const names = [
      'Conv2D',
      'SeparableConv1D',
      'Conv2DTranspose',
      'BatchNormalization',
      'PReLU',
      'TimeDistributed',
    ];
    // keras.utils.naming.to_snake_case of the same names.
    const snake = [
      'conv2d',
      'separable_conv1d',
      'conv2d_transpose',
      'batch_normalization',
      'p_re_lu',
      'time_distributed',
    ];
    assert.deepEqual(names.map(snakeCase), snake);
  });

  test('a weights file of another network is told', async () => {
    const architecture = JSON.stringify(
      sequential([6, 6, 1], [layer('Conv2D', { name: 'c', filters: 4, kernel_size: [3, 3] })]),
    );
    const open = (text: string) =>
      openModel(textSource('net.json', text), { weights: fixtureSource('keras3/tiny.weights.h5') });
    await refuses(
      open(architecture),
      'bad-file',
      /c\/kernel \(\/layers\/conv2d\/vars\/0\) is 3×3×1×2, but .* 3×3×1×4/,
    );
    const other = JSON.stringify(sequential([6], [layer('PReLU', { name: 'p' })]));
    await refuses(open(other), 'missing-weights', /alpha of layer p \(PReLU\)/);
  });
});

describe('where weights are looked for', () => {
  const architecture = fixtureBytes('keras3/tiny.json');
  const weights = fixtureBytes('keras3/tiny.weights.h5');

  test('beside the architecture under the usual names, when none are given', async () => {
    for (const name of ['tiny.weights.h5', 'tiny_weights.h5']) {
      const source = memorySource('tiny.json', architecture, new Map([[name, weights]]));
      assert.equal((await openModel(source, {})).layers.length, 6);
    }
  });

  test('an architecture alone says what it lacks', async () => {
    await refuses(
      openModel(memorySource('tiny.json', architecture), {}),
      'missing-weights',
      /weights are in another file.*tiny\.weights\.h5/,
    );
  });

  test('an architecture without parameters needs none', async () => {
    assert.equal((await openJson(sequential([3], [layer('ReLU', {})]))).nodes.length, 2);
  });
});
