// Files of weights are listed, whatever wrote them; nothing in them is executed.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { say } from '../../../src/core/errors.ts';
import type { TensorListing } from '../../../src/core/importers/importer.ts';
import { listTensors, openModel } from '../../../src/core/importers/registry.ts';
import { memorySource } from '../../support/memorySource.ts';
import { fixtureBytes, fixtureSource, refuses } from './support.ts';

const source = (file: string) => fixtureSource(`pytorch/${file}`);

async function list(file: string): Promise<TensorListing> {
  const found = await listTensors(source(file));
  assert.ok(found, `${file} is no file of weights`);
  return found;
}

const table = ({ tensors }: TensorListing): readonly string[] =>
  tensors.map(({ name, dtype, shape, bytes, range }) =>
    [name, dtype, `[${shape.join()}]`, bytes, range ? range.join(' … ') : '–'].join(' '),
  );

const STATE = [
  'fc.weight float32 [4,6] 96 0 … 2.875',
  'fc.transposed float32 [6,4] 96 0 … 2.875',
  'fc.window float32 [2,3] 24 1 … 2',
  'half float16 [3] 6 -2.25 … 65504',
  'bfloat bfloat16 [3] 6 -3.140625 … 1.0002555517425873e+30',
  'double float64 [1] 8 0.1 … 0.1',
  'steps int64 [] 8 12345678901234 … 12345678901234',
  'mask bool [3] 3 0 … 1',
  'small int8 [2] 2 -128 … 127',
  'unsigned uint16 [2] 4 1 … 65535',
  'empty float32 [0,3] 0 –',
  'tuned float32 [1,2] 8 2 … 4',
];

describe('a state dict is listed', () => {
  for (const file of [
    'state_dict.pth',
    'state_dict_protocol3.pth',
    'state_dict_protocol4.pth',
    'state_dict_protocol5.pth',
  ])
    test(file, async () => {
      const found = await list(file);
      assert.deepEqual(table(found), STATE);
      assert.equal(found.format, 'PyTorch weights (zip)');
      assert.deepEqual(found.notes.map(say), ['fc.weight, fc.transposed, fc.window share one storage.']);
    });

  test('in the form before PyTorch 1.6', async () => {
    const found = await list('state_dict_legacy.pth');
    assert.deepEqual(
      table(found),
      STATE.filter((line) => !line.startsWith('unsigned')),
    );
    assert.equal(found.format, 'PyTorch weights (before PyTorch 1.6)');
  });

  test('as safetensors', async () => {
    const found = await list('weights.safetensors');
    assert.deepEqual([...table(found)].sort(), [...STATE].sort());
    assert.deepEqual(found.metadata, { 'made by': 'make_pytorch.py' });
  });
});

test('of a checkpoint, the network is listed', async () => {
  const found = await list('checkpoint.pth');
  assert.deepEqual(
    found.tensors.map(({ name }) => name),
    ['a.weight', 'a.bias', 'b.weight', 'b.bias', 'b.running_mean', 'b.running_var', 'b.num_batches_tracked'],
  );
  assert.deepEqual(found.metadata, { epoch: '3', note: 'trained' });
  assert.deepEqual(found.notes.map(say), [
    'The tensors are those of “model_state_dict”.',
    '12 more tensors in other parts are not listed.',
  ]);
});

test('of a pickled module, the tensors are listed and the code is not run', async () => {
  const found = await list('module.pt');
  assert.deepEqual(
    found.tensors.map(({ name }) => name),
    ['a.weight', 'a.bias', 'b.weight', 'b.bias', 'b.running_mean', 'b.running_var', 'b.num_batches_tracked'],
  );
  assert.match(say(found.notes[0]!), /pickled torch\.nn\.modules\.container\.Sequential: .* is not executed/);
  const old = await list('module_legacy.pt');
  assert.deepEqual(table(old), ['weight float32 [1,2] 8 -2 … 1', 'steps int64 [] 8 5 … 5']);
  assert.match(say(old.notes[0]!), /pickled __main__\.Own:/);
});

test('opening weights says how to export the network', async () => {
  const how = /torch\.export\.save\(torch\.export\.export\(model.*torch\.onnx\.export\(model/;
  const rows: readonly (readonly [string, RegExp])[] = [
    ['state_dict.pth', /holds 12 tensors of weights and no network/],
    ['state_dict_legacy.pth', /holds 11 tensors of weights and no network/],
    ['weights.safetensors', /holds 12 tensors of weights and no network/],
    ['module.pt', /is a pickled torch\.nn\S+Sequential: its network is Python code/],
    ['script.pt', /is a TorchScript archive/],
  ];
  for (const [file, what] of rows) {
    await refuses(openModel(source(file), {}), 'unsupported', what);
    await refuses(openModel(source(file), {}), 'unsupported', how);
  }
  assert.equal(await listTensors(source('script.pt')), undefined);
  assert.equal(await listTensors(source('cnn.pt2')), undefined);
});

test('a name in a pickle stays a name', async () => {
  for (const file of ['hostile_global.pt', 'hostile_stack_global.pt'])
    assert.deepEqual((await list(file)).tensors, []);
  assert.ok(!existsSync('executed.txt'));
});

describe('hostile pickles give a typed error', () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['hostile_list.pt', /makes more than 2000000 values/],
    ['hostile_nesting.pt', /nests its contents more than 100 levels deep/],
    ['hostile_long.pt', /an integer of 2147483647 bytes/],
    ['hostile_string.pt', /ends too early or is too long/],
    ['hostile_underflow.pt', /returns to a mark that is not there/],
    ['hostile_memo.pt', /recalls entry 4294967295, which it never stored/],
    ['hostile_extension.pt', /opcode 0x82/],
    ['outside_storage.pt', /tensor w \(4 float32\) lies outside its 16 bytes/],
    ['huge_extent.pt', /tensor w .* lies outside its 16 bytes/],
    ['negative_extent.pt', /an extent that is no number/],
    ['no_storage.pt', /lacks 16 bytes of values in data\/1/],
  ];
  for (const [file, text] of rows) test(file, () => refuses(list(file), 'bad-file', text));

  test('and what only looks large is read', async () => {
    for (const file of ['hostile_cycle.pt', 'hostile_doubling.pt'])
      assert.deepEqual((await list(file)).tensors, []);
    const [only] = (await list('repeated_value.pt')).tensors;
    assert.deepEqual([only!.elements, only!.range], [2147483647, undefined]);
  });
});

test('safetensors are checked', async () => {
  const written = (header: unknown, data: number, length?: number): Promise<TensorListing | undefined> => {
    const text = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + text.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
    bytes.set(text, 8);
    return listTensors(memorySource('w.safetensors', bytes));
  };
  const one = (shape: readonly unknown[], begin: number, end: number, dtype = 'F32') => ({
    dtype,
    shape,
    data_offsets: [begin, end],
  });
  assert.equal((await written({ w: one([2], 0, 8) }, 8))!.tensors.length, 1);
  const rows: readonly (readonly [Promise<unknown>, 'bad-file' | 'unsupported', RegExp])[] = [
    [written({ w: one([2], 0, 4) }, 8), 'bad-file', /tensor w takes 8 bytes, its place is 0 to 4/],
    [written({ w: one([2], 0, 8) }, 4), 'bad-file', /tensor w takes 8 bytes/],
    [written({ a: one([2], 0, 8), b: one([2], 4, 12) }, 12), 'bad-file', /tensor b starts at 4, where 8/],
    [written({ a: one([2], 0, 8), b: one([1], 12, 16) }, 16), 'bad-file', /tensor b starts at 12, where 8/],
    [written({ a: one([2], 0, 8) }, 12), 'bad-file', /its tensors end at/],
    [written({ a: one([-1], 0, 8) }, 8), 'bad-file', /does not describe tensor a/],
    [written({ a: one([1], 0, 8, 'C64') }, 8), 'unsupported', /stored as C64/],
  ];
  for (const [promise, kind, text] of rows) await refuses(promise, kind, text);
  const long = { w: one([2], 0, 8) };
  assert.equal(await written(long, 8, 2 ** 40), undefined);
  const cut = memorySource('cut.safetensors', fixtureBytes('pytorch/weights.safetensors').subarray(0, 300));
  await refuses(openModel(cut, {}), 'bad-file', /its header says it has/);
});
