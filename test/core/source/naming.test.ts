import assert from 'node:assert/strict';
import { test } from 'node:test';
import { automaticNumber, snakeCase } from '../../../src/core/source/naming.ts';

test('class names are snake-cased as Keras does', () => {
  const names = {
    Conv2D: 'conv2d',
    Conv2DTranspose: 'conv2d_transpose',
    MaxPooling2D: 'max_pooling2d',
    GlobalAveragePooling1D: 'global_average_pooling1d',
    BatchNormalization: 'batch_normalization',
    ReLU: 're_lu',
    LeakyReLU: 'leaky_re_lu',
    PReLU: 'p_re_lu',
    LSTM: 'lstm',
    InputLayer: 'input_layer',
    QDense: 'q_dense',
  };
  for (const [className, name] of Object.entries(names)) assert.equal(snakeCase(className), name);
});

test('automatic names give their number, chosen names none', () => {
  const cases: [name: string, className: string, number: number | undefined][] = [
    ['dense', 'Dense', 0],
    ['dense_1', 'Dense', 1],
    ['dense_12', 'Dense', 12],
    ['conv2d_transpose_3', 'Conv2DTranspose', 3],
    ['dense_Dense1', 'Dense', 1],
    ['max_pooling2d_MaxPooling2D10', 'MaxPooling2D', 10],
    ['input_1', 'InputLayer', 1],
    ['input1', 'InputLayer', 1],
    ['input_layer', 'InputLayer', 0],
    ['conv2d_1_input', 'InputLayer', 0],
    // The framework counts from `dense`, then `dense_1`: this one came from a loop.
    ['dense_0', 'Dense', undefined],
    ['dense_01', 'Dense', undefined],
    ['dense_1a', 'Dense', undefined],
    ['dense_1', 'Conv2D', undefined],
    ['dense_Dense', 'Dense', undefined],
    ['conv2d_3', 'Conv2DTranspose', undefined],
    ['fc1', 'Dense', undefined],
    ['image', 'InputLayer', undefined],
    ['', 'Dense', undefined],
  ];
  for (const [name, className, number] of cases)
    assert.equal(automaticNumber(name, className), number, `${className} '${name}'`);
});
