import assert from 'node:assert/strict';
import { test } from 'node:test';
import { npy } from '../../../src/core/data/npy.ts';
import { listNpz } from '../../../src/core/data/npz.ts';
import { fromHalf, valueAt } from '../../../src/core/data/values.ts';
import type { ByteSource } from '../../../src/core/importers/importer.ts';
import { arraysOf, fixture, fixtureBytes, memory, refuses } from './memory.ts';

async function open(source: ByteSource) {
  return (await npy.open(source, {})).arrays[0]!;
}

async function values(name: string, rows?: number) {
  const array = await open(fixture(name));
  const loaded = await array.load(rows ?? array.shape[0]!);
  return Array.from({ length: loaded.data.length }, (_, at) => valueAt(loaded, at));
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

test('every number type is read in both byte orders', async () => {
  const arrays = await arraysOf('dtypes.npz');
  const names =
    'i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 big_i2 big_u2 big_i4 big_u4 big_i8 big_u8 big_f2 big_f4 big_f8';
  for (const name of names.split(' ')) {
    const signed = /[if]\d$/.test(name);
    assert.deepEqual(
      arrays.get(name)?.values,
      upTo(12).map((value) => (signed ? value - 6 : value)),
      name,
    );
    assert.deepEqual(arrays.get(name)?.shape, [3, 4]);
  }
  assert.deepEqual(
    arrays.get('b1')?.values,
    upTo(12).map((value) => Number(value % 2 === 0)),
  );
});

test('the stored type is kept', async () => {
  const types = new Map((await listNpz(fixture('dtypes.npz'))).map(({ name, dtype }) => [name, dtype]));
  const expected = {
    b1: 'bool',
    i1: 'int8',
    u2: 'uint16',
    big_i4: 'int32',
    u8: 'uint64',
    f2: 'float16',
    f8: 'float64',
  };
  for (const [name, dtype] of Object.entries(expected)) assert.equal(types.get(name), dtype);
});

test('half precision: zero, subnormal, largest, infinite and not a number', async () => {
  const half = (await arraysOf('dtypes.npz')).get('half')!.values;
  assert.deepEqual(half.slice(0, 4), [0, 1, -2, 0.5]);
  assert.equal(half[4], 1023 * 2 ** -24); // 6.1e-5 lies just below the smallest normal number
  assert.equal(half[5], 2 ** -24);
  assert.equal(half[6], 65504);
  assert.equal(half[7], 0.333251953125);
  assert.equal(fromHalf(0x7c00), Infinity);
  assert.equal(fromHalf(0xfc00), -Infinity);
  assert.ok(Number.isNaN(fromHalf(0x7e00)));
  assert.ok(Object.is(fromHalf(0x8000), -0));
});

test('header versions 1, 2 and 3', async () => {
  assert.deepEqual(await values('c_order.npy'), upTo(24));
  assert.deepEqual(await values('version2.npy'), upTo(12));
  assert.deepEqual(await values('version3.npy'), upTo(12));
});

test('column-major arrays come out row-major, also in part and with swapped bytes', async () => {
  assert.deepEqual(await values('fortran.npy'), upTo(24));
  assert.deepEqual(await values('fortran.npy', 2), upTo(12));
  assert.deepEqual(await values('fortran_big.npy'), upTo(24));
});

test('only the header is read to open, and only the rows asked for to load', async () => {
  const bytes = new Uint8Array(128 + 100_000 * 4);
  bytes.set(fixtureBytes('c_order.npy').subarray(0, 128));
  const shape = new TextEncoder().encode('(100000,), }');
  const at = new TextDecoder('latin1').decode(bytes.subarray(0, 128)).indexOf('(4, 2, 3)');
  bytes.fill(32, at, 127);
  bytes.set(shape, at);
  const source = memory('long.npy', bytes);
  const array = await open(source);
  assert.deepEqual(array.shape, [100_000]);
  assert.ok(source.bytesRead <= 65536);
  source.bytesRead = 0;
  assert.equal((await array.load(10)).data.length, 10);
  assert.equal(source.bytesRead, 40);
});

test('values are read from any alignment', async () => {
  const shifted = new Uint8Array(225);
  shifted.set(fixtureBytes('c_order.npy'), 1);
  const loaded = await (await open(memory('a.npy', shifted.subarray(1)))).load(4);
  assert.deepEqual([...loaded.data].map(Number), upTo(24));
});

const REFUSED = [
  ['truncated.npy', 'bad-file', /^truncated\.npy is cut short: .* 176 bytes and there are 171/],
  ['truncated_header.npy', 'bad-file', /truncated_header\.npy .* ends inside the header \(offset 40\)/],
  ['wrong_magic.npy', 'bad-file', /wrong_magic\.npy .* does not begin with the bytes \\x93NUMPY/],
  ['version9.npy', 'bad-file', /version9\.npy .* version 9 is not 1, 2 or 3/],
  ['long_header.npy', 'bad-file', /long_header\.npy .* header of 4294967280 bytes/],
  ['huge.npy', 'bad-file', /huge\.npy .* impossible shape/],
  ['no_shape.npy', 'bad-file', /no_shape\.npy .* does not say shape/],
  ['code.npy', 'bad-file', /code\.npy .* does not say descr/],
  ['objects.npy', 'unsupported', /objects\.npy holds Python objects \(pickle\).*never runs/],
  ['text.npy', 'unsupported', /text\.npy holds text/],
  ['complex.npy', 'unsupported', /complex\.npy holds complex numbers/],
  ['records.npy', 'unsupported', /records\.npy holds records with several fields/],
] as const;

for (const [name, kind, text] of REFUSED)
  test(`${name} is refused`, async () => {
    await refuses(open(fixture(name)), kind, text);
  });

test('every prefix of a file is refused, none crashes', async () => {
  const bytes = fixtureBytes('c_order.npy');
  for (let length = 0; length < bytes.length; length++)
    await refuses(open(memory('part.npy', bytes.subarray(0, length))), 'bad-file', /^part\.npy/);
});

test('an array larger than memory allows asks for a limit', async () => {
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (4, 1000000000), }\n";
  const head = new Uint8Array([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    1,
    0,
    text.length,
    0,
    ...new TextEncoder().encode(text),
  ]);
  const source: ByteSource = {
    ...memory('wide.npy', head),
    size: head.length + 4e9,
    read: () => Promise.resolve(head),
  };
  const array = await open(source);
  await refuses(array.load(2), 'bad-data', /wide\.npy takes 1908 MiB, more than the 1024 MiB .* set a limit/);
});
