// TensorFlow files that are damaged, incomplete or ask for what BitLens does not run.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openModel } from '../../../src/core/importers/registry.ts';
import { readSortedTable } from '../../../src/core/importers/tensorflow/savedModel/sortedTable.ts';
import { weightsOf } from '../../../src/core/ir/opFacts.ts';
import { memorySource } from '../../support/memorySource.ts';
import { refuses } from './support.ts';
import {
  fixture,
  fixtureBytes,
  graphModel,
  ints,
  node,
  openGraph,
  placeholder,
  text,
} from './tensorflowSupport.ts';

describe('damaged files', () => {
  test('values of variables that changed are noticed when they are read', async () => {
    const part = 'variables/variables.data-00000-of-00001';
    const bytes = fixtureBytes('module', part);
    bytes[3]! ^= 1;
    const graph = await openModel(fixture('module', { [part]: bytes }), {});
    const weights = graph.nodes.flatMap(({ op }) => weightsOf(op));
    assert.throws(() => weights.map((weight) => weight.read()), /values of variable Variable\S* are damaged/);
  });

  test('variables whose folder is gone', async () => {
    const alone = memorySource('saved_model.pb', fixtureBytes('cnn', ''));
    await assert.rejects(openModel(alone, {}), /variables\.index/);
  });
});

describe('the table of variables', () => {
  const index = () => fixtureBytes('cnn', 'variables/variables.index');

  test('has all keys, also those that share their beginning', () => {
    const keys = [...readSortedTable('index', index()).keys()];
    assert.equal(keys[0], '');
    assert.equal(keys.filter((key) => key.endsWith('/.ATTRIBUTES/VARIABLE_VALUE')).length, 15);
    assert.deepEqual(keys, keys.toSorted());
  });

  test('is refused when a block is compressed', () => {
    const bytes = index();
    // The footer begins with the offset of the block that follows the entries and their trailer of 5 bytes.
    const [low = 0, high = 0] = bytes.subarray(-48);
    const next = low < 0x80 ? low : (low & 0x7f) | (high << 7);
    bytes[next - 5] = 1;
    assert.throws(() => readSortedTable('index', bytes), /is compressed/);
  });

  test('is refused when its checksum or its end is wrong', () => {
    const bytes = index();
    bytes[10]! ^= 1;
    assert.throws(() => readSortedTable('index', bytes), /checksum/);
    assert.throws(() => readSortedTable('index', index().slice(0, -1)), /does not end as an index/);
  });
});

describe('what cannot be run', () => {
  const conv = node('Conv2D', 'net/conv/Conv2D', ['x', 'kernel'], {
    strides: ints(1, 1, 1, 1),
    padding: text('SAME'),
  });
  const kernel = { shape: [1, 1, 2, 2], values: [1, 2, 3, 4] };

  test('is told all at once, with the layers that can be read', async () => {
    const nodes = [
      placeholder(-1, 4, 4, 2),
      conv,
      node('Mystery', 'net/a/Mystery', ['net/conv/Conv2D']),
      node('NonMaxSuppressionV3', 'net/b/NMS', ['net/conv/Conv2D']),
      node('AddV2', 'net/sum', ['net/a/Mystery', 'net/b/NMS']),
    ];
    await refuses(
      openGraph(nodes, { kernel }),
      'unsupported',
      /Mystery \(GraphDef version \d+\): not an operation that BitLens runs: net\/a\/Mystery; NonMaxSuppressionV3 .*it selects boxes.*: net\/b\/NMS\..*can be read: conv\./,
    );
  });

  test('loops of TensorFlow 1 are named with what to do', async () => {
    const nodes = [
      placeholder(-1, 4),
      node('Enter', 'loop/enter', ['x']),
      node('Merge', 'loop/merge', ['loop/enter', 'loop/next']),
      node('NextIteration', 'loop/next', ['loop/merge']),
      node('Exit', 'loop/exit', ['loop/merge']),
    ];
    await refuses(
      openGraph(nodes),
      'unsupported',
      /loop of TensorFlow 1.*unroll=True.*loop\/enter.*loop\/next/,
    );
  });

  test('statistics of a batch', async () => {
    const vector = { shape: [2], values: [1, 1] };
    const norm = node('FusedBatchNormV3', 'norm', ['x', 'one', 'one', 'one', 'one'], {
      is_training: { b: true },
    });
    await refuses(
      openGraph([placeholder(-1, 4, 4, 2), norm], { one: vector }),
      'unsupported',
      /statistics of the batch.*norm/,
    );
  });
});

describe('graphs that contradict themselves', () => {
  test('cycles, missing nodes, two nodes of one name, missing inputs', async () => {
    const a = node('Relu', 'a', ['b']);
    const end = node('AddV2', 'end', ['x', 'a']);
    const start = placeholder(-1, 2);
    await refuses(openGraph([start, a, node('Relu', 'b', ['a']), end]), 'bad-file', /node [ab] reads itself/);
    await refuses(openGraph([start, a, end]), 'bad-file', /reads b, which is not there/);
    await refuses(openGraph([start, start]), 'bad-file', /two nodes .* called x/);
    await refuses(
      openGraph([start, node('AddV2', 'end', ['x'])]),
      'bad-file',
      /[Nn]ode end .* input 1 is missing/,
    );
  });

  test('huge and negative extents', async () => {
    const shape = (...values: readonly number[]) => ({ shape: [values.length], values, int: true as const });
    const fill = (...values: readonly number[]) =>
      openGraph([placeholder(-1, 2), node('BroadcastTo', 'end', ['x', 'shape'])], {
        shape: shape(...values),
      });
    await refuses(fill(2 ** 30, 2 ** 30, 2), 'bad-file', /makes a tensor of/);
    const reshape = openGraph([placeholder(-1, 4), node('Reshape', 'end', ['x', 'shape'])], {
      shape: shape(-2, 2),
    });
    await refuses(reshape, 'bad-file', /cannot be reshaped to \[-2,2\]/);
  });

  test('a function that calls itself', async () => {
    const signature = { name: 'f', inputArg: [{ name: 'v' }], outputArg: [{ name: 'w' }] };
    const body = node('PartitionedCall', 'again', ['v'], { f: { func: { name: 'f' } } });
    const library = { function: [{ signature, nodeDef: [body], ret: { w: 'again:output:0' } }] };
    const call = node('PartitionedCall', 'end', ['x'], { f: { func: { name: 'f' } } });
    await refuses(
      openGraph([placeholder(-1, 2), call], {}, { library }),
      'bad-file',
      /f is called 40 levels deep/,
    );
  });

  test('an attribute of another type', async () => {
    const slope = node('LeakyRelu', 'end', ['x'], { alpha: { s: 'AA==' } });
    await refuses(openGraph([placeholder(-1, 2), slope]), 'bad-file', /attribute alpha has the wrong type/);
  });
});

describe('shapes that are left open', () => {
  const graph = [placeholder(-1, -1, -1, 3), node('Relu', 'end', ['x'])];

  test('come from the user', async () => {
    await refuses(openGraph(graph), 'needs-input-shape', /input x open: \?×\?×3/);
    const { nodes } = await openModel(graphModel(graph), { inputShapes: [[5, 6, 3]] });
    assert.deepEqual(nodes[0]!.shape, [5, 6, 3]);
    const wrong = openModel(graphModel(graph), { inputShapes: [[5, 6, 4]] });
    await refuses(wrong, 'bad-option', /Input x .* does not fit/);
  });
});

describe('calls and conditions with a known outcome', () => {
  test('take the branch, and only that is read', async () => {
    const branch = (name: string, op: string) => ({
      signature: { name, inputArg: [{ name: 'v' }], outputArg: [{ name: 'w' }] },
      nodeDef: [node(op, 'made', ['v'])],
      ret: { w: 'made:activations:0' },
    });
    const library = { function: [branch('yes', 'Relu'), branch('no', 'Mystery')] };
    const call = (name: string, condition: string) =>
      node('If', name, [condition, 'x'], {
        then_branch: { func: { name: 'yes' } },
        else_branch: { func: { name: 'no' } },
      });
    const constants = { on: { shape: [], values: [1] }, off: { shape: [], values: [0] } };
    const taken = await openGraph([placeholder(-1, 2), call('end', 'on')], constants, { library });
    assert.deepEqual(
      taken.nodes.map(({ op }) => op.kind),
      ['input', 'activation'],
    );
    const other = openGraph([placeholder(-1, 2), call('end', 'off')], constants, { library });
    await refuses(other, 'unsupported', /Mystery .*end\/made/);
  });
});
