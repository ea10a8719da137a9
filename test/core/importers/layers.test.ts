// How single layers are translated: padding, extents, defaults, and what is refused. That the ops compute what Keras
// computes is checked by running the fixture models.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { activationOf } from '../../../src/core/importers/keras/activations.ts';
import { padsOf, windowed } from '../../../src/core/importers/keras/spatial.ts';
import { layer, openFixture, openJson, refuses, sequential, single, weightsFile } from './support.ts';

const opOf = async (file: string, id: string, at = 0) => {
  const graph = await openFixture(file);
  const node = graph.nodes[graph.layers.find((known) => known.id === id)!.nodes[at]!]!;
  return { op: node.op, shape: node.shape };
};

describe('windows', () => {
  // Expected: tf.nn.conv2d on inputs of these extents.
  test('"same" gives ceil(extent / stride) positions and puts the odd zero behind', () => {
    const window = { size: [3, 2], strides: [2, 2], dilation: [1, 1] };
    assert.deepEqual(padsOf('same', [9, 8], window), [
      [1, 1],
      [0, 0],
    ]);
    assert.deepEqual(padsOf('same', [8, 7], window), [
      [0, 1],
      [0, 1],
    ]);
    assert.deepEqual(windowed([8, 7], window, padsOf('same', [8, 7], window)), [4, 4]);
  });

  test('dilation widens the window; "causal" puts all zeros before', () => {
    const window = { size: [3], strides: [1], dilation: [2] };
    assert.deepEqual(padsOf('same', [10], window), [[2, 2]]);
    assert.deepEqual(padsOf('causal', [10], window), [[4, 0]]);
    assert.deepEqual(windowed([10], window, padsOf('valid', [10], window)), [6]);
  });

  test('a pool steps by its own size unless told otherwise', async () => {
    const shapeOf = async (config: Readonly<Record<string, unknown>>) =>
      (await single([7, 9, 1], 'MaxPooling2D', config)).shape;
    assert.deepEqual(await shapeOf({ pool_size: [3, 4] }), [2, 2, 1]);
    assert.deepEqual(await shapeOf({ pool_size: [3, 4], strides: null }), [2, 2, 1]);
    assert.deepEqual(await shapeOf({ pool_size: [3, 4], strides: [1, 2] }), [5, 3, 1]);
  });

  test('a window larger than the input is refused', async () => {
    const pooled = single([2, 2, 1], 'MaxPooling2D', { pool_size: [3, 3] });
    await refuses(pooled, 'bad-file', /maxpooling2d \(MaxPooling2D\) has a window larger than its input/);
  });
});

describe('convolutions', () => {
  test('a separable convolution is a depthwise and a pointwise op of one layer', async () => {
    const { op } = await opOf('keras3/images.keras', 'separable');
    assert.ok(op.kind === 'depthwiseConv' && op.bias === undefined);
    assert.deepEqual(
      [op.kernel.shape, op.strides],
      [
        [3, 3, 4, 2],
        [2, 2],
      ],
    );
    const pointwise = (await opOf('keras3/images.keras', 'separable', 1)).op;
    assert.ok(pointwise.kind === 'conv');
    assert.deepEqual(
      [pointwise.kernel.shape, pointwise.strides, pointwise.bias?.shape],
      [[1, 1, 8, 5], [1, 1], [5]],
    );
  });

  test('groups and dilation are kept', async () => {
    const grouped = (await opOf('keras2/images.h5', 'grouped')).op;
    assert.ok(grouped.kind === 'conv' && grouped.groups === 2 && grouped.bias === undefined);
    assert.deepEqual(grouped.kernel.shape, [3, 2, 2, 4]);
    const dilated = (await opOf('keras2/images.h5', 'dilated')).op;
    assert.ok(dilated.kind === 'conv');
    assert.deepEqual(dilated.dilation, [2, 2]);
  });

  test('a transposed convolution carries the padding of the convolution it reverses', async () => {
    const same = await opOf('keras3/images.keras', 'transpose_same');
    assert.ok(same.op.kind === 'convTranspose');
    assert.deepEqual(
      [same.shape, same.op.pads],
      [
        [18, 16, 3],
        [
          [0, 1],
          [0, 1],
        ],
      ],
    );
    const valid = await opOf('keras3/images.keras', 'transpose_valid');
    assert.deepEqual(valid.shape, [27, 17, 3]);
    const padded = await opOf('keras3/images.keras', 'transpose_padded');
    assert.ok(padded.op.kind === 'convTranspose');
    assert.deepEqual(
      [padded.shape, padded.op.pads],
      [
        [17, 15, 3],
        [
          [1, 1],
          [1, 1],
        ],
      ],
    );
  });

  test('groups that do not divide the channels are refused', async () => {
    const conv = single([4, 4, 3], 'Conv2D', { filters: 4, kernel_size: [1, 1], groups: 2 });
    await refuses(conv, 'bad-file', /has groups = 2/);
  });
});

describe('normalization', () => {
  test('batch normalization leaves out what the layer does not have', async () => {
    const scaleless = (await opOf('keras3/images.keras', 'norm_no_scale')).op;
    assert.ok(
      scaleless.kind === 'batchNorm' && scaleless.gamma === undefined && scaleless.beta !== undefined,
    );
    assert.equal(scaleless.epsilon, 0.01);
    const centerless = (await opOf('keras2/images.h5', 'norm_no_center')).op;
    assert.ok(
      centerless.kind === 'batchNorm' && centerless.gamma !== undefined && centerless.beta === undefined,
    );
  });

  test('Rescaling and Normalization become scale and offset', async () => {
    const rescaling = (await single([2, 2, 1], 'Rescaling', { scale: 0.5, offset: -1 })).op;
    assert.ok(rescaling.kind === 'affine');
    assert.deepEqual(
      [rescaling.scale.shape, ...rescaling.scale.read(), ...rescaling.offset.read()],
      [[], 0.5, -1],
    );
    const given = { axis: [-1], mean: [[2, 3]], variance: [[4, 0]] };
    const { op } = await single([5, 2], 'Normalization', given);
    assert.ok(op.kind === 'affine');
    assert.deepEqual([...op.scale.read()], [0.5, Math.fround(1e7)]);
    assert.deepEqual([...op.offset.read()], [-1, Math.fround(-3e7)]);
    const inverse = (await single([5, 2], 'Normalization', { ...given, variance: [[4, 9]], invert: true }))
      .op;
    assert.ok(inverse.kind === 'affine');
    assert.deepEqual([...inverse.scale.read(), ...inverse.offset.read()], [2, 3, 2, 3]);
  });

  test('other axes than the last are unsupported', async () => {
    const norm = single([4, 4, 3], 'BatchNormalization', { axis: [1] });
    await refuses(
      norm,
      'unsupported',
      /another axis than the last: batchnormalization \(BatchNormalization\)/,
    );
    const last = sequential([4, 4, 3], [layer('BatchNormalization', { name: 'n', axis: [3] })]);
    const weights = await weightsFile({
      n: { 'n/gamma:0': [3], 'n/beta:0': [3], 'n/moving_mean:0': [3], 'n/moving_variance:0': [3] },
    });
    assert.equal((await openJson(last, weights)).nodes.at(-1)!.op.kind, 'batchNorm');
  });
});

describe('activations', () => {
  const fn = (name: unknown, keras: 2 | 3 = 3) => {
    const op = activationOf(name, keras);
    return 'refused' in op ? 'refused' : op.kind === 'activation' ? op.activation : op;
  };

  test('hard_sigmoid has the slope of the Keras that wrote the file', () => {
    assert.deepEqual(fn('hard_sigmoid', 2), { fn: 'hardSigmoid', slope: 0.2, offset: 0.5 });
    assert.deepEqual(fn('hard_sigmoid', 3), { fn: 'hardSigmoid', slope: 1 / 6, offset: 0.5 });
  });

  test('aliases, tagged functions and activation layers are read', () => {
    assert.deepEqual(fn('swish'), { fn: 'silu' });
    assert.deepEqual(fn('relu6'), { fn: 'relu', slope: 0, max: 6, threshold: 0 });
    assert.deepEqual(fn(null), { kind: 'identity' });
    assert.deepEqual(fn({ class_name: 'function', config: 'elu' }), { fn: 'elu', alpha: 1 });
    const leaky = { class_name: 'LeakyReLU', config: { alpha: { type: 'ndarray', value: 0.25 } } };
    assert.deepEqual(fn(leaky), { fn: 'relu', slope: 0.25, threshold: 0 });
  });

  test('unknown functions are refused, names of Object.prototype too', () => {
    for (const name of ['quantized_relu(6)', 'constructor', 'toString', 7]) assert.equal(fn(name), 'refused');
  });

  test('ReLU, LeakyReLU and ThresholdedReLU take their parameters and Keras defaults', async () => {
    const relu = async (className: string, config: Readonly<Record<string, unknown>>) => {
      const { op } = await single([3], className, config);
      return op.kind === 'activation' ? op.activation : undefined;
    };
    const limited = { max_value: 6, negative_slope: 0.1, threshold: 0.5 };
    assert.deepEqual(await relu('ReLU', limited), { fn: 'relu', slope: 0.1, max: 6, threshold: 0.5 });
    assert.deepEqual(await relu('ReLU', { max_value: null }), { fn: 'relu', slope: 0, threshold: 0 });
    assert.deepEqual(await relu('LeakyReLU', {}), { fn: 'relu', slope: 0.3, threshold: 0 });
    assert.deepEqual(await relu('LeakyReLU', { negative_slope: 0.2 }), {
      fn: 'relu',
      slope: 0.2,
      threshold: 0,
    });
    assert.deepEqual(await relu('ThresholdedReLU', { theta: 2 }), { fn: 'relu', slope: 0, threshold: 2 });
  });

  test('softmax over an inner axis trades it with the last one and back', async () => {
    const { op, shape } = await single([4, 3, 2], 'Softmax', { axis: 1 });
    assert.deepEqual(op, { kind: 'permute', order: [2, 1, 0] });
    assert.deepEqual(shape, [4, 3, 2]);
    assert.equal((await single([4, 3], 'Softmax', { axis: 2 })).op.kind, 'softmax');
    await refuses(single([4, 3], 'Softmax', { axis: [1, 2] }), 'unsupported', /softmax over several axes/);
    await refuses(single([4, 3], 'Softmax', { axis: 4 }), 'bad-file', /axis = 4/);
  });
});

describe('recurrent layers and normalizations', () => {
  test('what a recurrent layer cannot do is told', async () => {
    const rows = [
      ['LSTM', { return_state: true }, /return_state of a recurrent layer/],
      ['GRU', { stateful: true }, /stateful of a recurrent layer/],
      ['LSTM', { activation: 'softmax' }, /softmax inside a recurrent layer/],
      ['Bidirectional', { merge_mode: null }, /two outputs of a layer/],
      ['Bidirectional', { merge_mode: 'sum', layer: layer('RNN', {}) }, /runs RNN in two directions/],
      ['Embedding', { mask_zero: true }, /masks of an Embedding/],
      ['LayerNormalization', { axis: [1] }, /other axes than the last ones/],
      ['LayerNormalization', { rms_scaling: true }, /RMS scaling/],
      ['GroupNormalization', { axis: 1 }, /another axis than the last/],
      ['Resizing', { interpolation: 'bicubic' }, /interpolation "bicubic"/],
      ['Resizing', { crop_to_aspect_ratio: true }, /crop_to_aspect_ratio/],
    ] as const;
    for (const [name, config, text] of rows)
      await refuses(single([4, 3], name, { units: 2, ...config }), 'unsupported', text);
  });

  test('what cannot be is told', async () => {
    await refuses(single([4, 3], 'GroupNormalization', { groups: 2 }), 'bad-file', /groups = 2/);
    await refuses(single([4, 3], 'UnitNormalization', { axis: 3 }), 'bad-file', /axis = 3/);
    await refuses(single([4], 'LSTM', { units: 2 }), 'bad-file', /input of rank 3/);
  });
});

describe('shapes', () => {
  test('Reshape fills in -1 and refuses what does not fit', async () => {
    assert.deepEqual((await single([4, 3], 'Reshape', { target_shape: [2, -1] })).shape, [2, 6]);
    await refuses(
      single([4, 3], 'Reshape', { target_shape: [5, -1] }),
      'bad-file',
      /target_shape = \[5,-1\]/,
    );
    await refuses(single([4, 3], 'Reshape', { target_shape: [-1, -1] }), 'bad-file', /target_shape/);
  });

  test('Permute counts axes from one', async () => {
    const { op, shape } = await single([2, 3, 4], 'Permute', { dims: [3, 1, 2] });
    assert.deepEqual([op, shape], [{ kind: 'permute', order: [2, 0, 1] }, [4, 2, 3]]);
    await refuses(single([2, 3], 'Permute', { dims: [1, 1] }), 'bad-file', /dims/);
  });

  test('padding and cropping take a number, one per axis, or pairs', async () => {
    const pads = async (padding: unknown) => (await single([4, 4, 1], 'ZeroPadding2D', { padding })).shape;
    assert.deepEqual(await pads(2), [8, 8, 1]);
    assert.deepEqual(await pads([1, 2]), [6, 8, 1]);
    assert.deepEqual(
      await pads([
        [1, 0],
        [0, 3],
      ]),
      [5, 7, 1],
    );
    assert.deepEqual((await single([6, 1], 'Cropping1D', { cropping: [1, 2] })).shape, [3, 1]);
    await refuses(single([4, 4, 1], 'Cropping2D', { cropping: 2 }), 'bad-file', /cropping = 2/);
  });

  test('global pooling drops or keeps the axes', async () => {
    assert.deepEqual((await single([4, 4, 3], 'GlobalMaxPooling2D', {})).shape, [3]);
    assert.deepEqual((await single([4, 3], 'GlobalAveragePooling1D', { keepdims: true })).shape, [1, 3]);
  });

  test('RepeatVector is a sequence of one step, upsampled', async () => {
    const { op, shape } = await single([5], 'RepeatVector', { n: 3 });
    const along = [{ axis: 0, taps: 1, indices: new Int32Array(3), weights: Float32Array.of(1, 1, 1) }];
    assert.deepEqual([op, shape], [{ kind: 'resize', along }, [3, 5]]);
  });

  test('interpolations other than nearest and bilinear are unsupported', async () => {
    const bicubic = single([4, 4, 1], 'UpSampling2D', { interpolation: 'bicubic' });
    await refuses(bicubic, 'unsupported', /interpolation "bicubic"/);
  });

  test('dropout and noise do nothing', async () => {
    for (const name of [
      'Dropout',
      'SpatialDropout1D',
      'GaussianNoise',
      'AlphaDropout',
      'ActivityRegularization',
    ])
      assert.equal((await single([4, 3], name, { rate: 0.5 })).op.kind, 'identity');
  });
});

describe('operators', () => {
  test('a number as operand becomes scale and offset, on either side', async () => {
    for (const file of ['keras3/operators.keras', 'keras2/operators.h5']) {
      const graph = await openFixture(file);
      const affine = graph.nodes.flatMap(({ op }) =>
        op.kind === 'affine' ? [[...op.scale.read(), ...op.offset.read()]] : [],
      );
      assert.deepEqual(
        affine,
        [
          [0.25, 0],
          [1, -0.25],
          [2, 0],
        ],
        file,
      );
      const merges = graph.nodes.flatMap(({ op }) => (op.kind === 'merge' ? [op.fn] : []));
      assert.deepEqual(merges, ['add', 'multiply', 'subtract'], file);
    }
  });
});

describe('TimeDistributed', () => {
  test('a distributed Dense is the same op on a higher rank', async () => {
    const { op, shape } = await opOf('keras3/nested.keras', 'distributed');
    assert.ok(op.kind === 'dense');
    assert.deepEqual(
      [op.kernel.shape, shape],
      [
        [9, 2],
        [3, 2],
      ],
    );
  });

  test('what looks across axes is unsupported inside', async () => {
    const conv = { class_name: 'Conv2D', config: { name: 'c', filters: 1, kernel_size: [1, 1] } };
    await refuses(
      single([2, 4, 4, 1], 'TimeDistributed', { layer: conv }),
      'unsupported',
      /distributes Conv2D/,
    );
  });
});

describe('merges', () => {
  test('a vector merged with a sequence gets an axis behind the batch axis', async () => {
    const graph = await openFixture('keras3/merges.keras');
    const multiply = graph.layers.find((known) => known.className === 'Multiply')!;
    const [reshape, product] = multiply.nodes.map((id) => graph.nodes[id]!);
    assert.deepEqual([reshape!.op.kind, reshape!.shape], ['reshape', [1, 6]]);
    assert.deepEqual([product!.shape, product!.inputs.at(-1)], [[4, 6], reshape!.id]);
  });

  test('tensors that do not fit are refused', async () => {
    const graph = await openFixture('keras3/merges.keras');
    const add = graph.nodes.find(({ op }) => op.kind === 'merge' && op.fn === 'add')!;
    assert.equal(add.inputs.length, 3);
    const layers = [
      [2, 3],
      [4, 3],
    ].map((shape, at) => ({
      class_name: 'InputLayer',
      name: `i${at}`,
      config: { name: `i${at}`, batch_input_shape: [null, ...shape] },
      inbound_nodes: [],
    }));
    const refs = [
      ['i0', 0, 0],
      ['i1', 0, 0],
    ];
    const sum = { class_name: 'Add', name: 'sum', config: { name: 'sum' }, inbound_nodes: [refs] };
    const config = {
      name: 'm',
      layers: [...layers, sum],
      input_layers: refs,
      output_layers: [['sum', 0, 0]],
    };
    await refuses(
      openJson({ class_name: 'Functional', config }),
      'bad-file',
      /sum \(Add\) merges tensors of 2×3 and 4×3/,
    );
  });
});
