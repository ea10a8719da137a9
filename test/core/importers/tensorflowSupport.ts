// TensorFlow files for the tests of this folder: the fixtures with what TensorFlow computes from them, and graph models
// written on the spot.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ByteSource } from '../../../src/core/importers/importer.ts';
import { openModel } from '../../../src/core/importers/registry.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { memorySource } from '../../support/memorySource.ts';

const FOLDER = path.join(process.cwd(), 'test/fixtures/models/tensorflow');

/** Files of each fixture; the first is the one that is opened. */
const VARIABLES = ['variables/variables.index', 'variables/variables.data-00000-of-00001'];
const FILES = {
  cnn: ['cnn/saved_model.pb', ...VARIABLES],
  sequence: ['sequence/saved_model.pb', ...VARIABLES],
  module: ['module/saved_model.pb', ...VARIABLES],
  session: ['session/saved_model.pb', ...VARIABLES],
  'graph-model': ['graph-model/model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'],
  ops: ['ops.pb'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type Fixture = keyof typeof FILES;
export const FIXTURES = Object.keys(FILES) as readonly Fixture[];

/** Files that belong to a fixture, relative to the one that is opened, which is ''. */
export const partsOf = (name: Fixture): readonly string[] => ['', ...FILES[name].slice(1)];

const read = (file: string): Uint8Array => new Uint8Array(readFileSync(path.join(FOLDER, file)));

export function fixtureBytes(name: Fixture, part: string): Uint8Array {
  const [main] = FILES[name];
  return read(part === '' ? main : path.posix.join(path.posix.dirname(main), part));
}

/** A fixture in memory, one of its files changed. */
export function fixture(name: Fixture, change: Readonly<Record<string, Uint8Array>> = {}): ByteSource {
  const beside = partsOf(name)
    .slice(1)
    .map((part) => [part, change[part] ?? fixtureBytes(name, part)] as const);
  const [main] = FILES[name];
  return memorySource(path.posix.basename(main), change[''] ?? fixtureBytes(name, ''), new Map(beside));
}

export interface Recorded {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function recorded(name: Fixture): {
  readonly inputs: readonly Recorded[];
  readonly outputs: readonly Recorded[];
} {
  const text = readFileSync(path.join(FOLDER, `${name}.io.json`), 'utf8');
  const stored = JSON.parse(text) as Record<
    'inputs' | 'outputs',
    readonly { shape: number[]; float32: string }[]
  >;
  const decoded = (list: (typeof stored)['inputs']) =>
    list.map(({ shape, float32 }) => {
      const bytes = Uint8Array.from(Buffer.from(float32, 'base64'));
      return { shape, values: new Float32Array(bytes.buffer) };
    });
  return { inputs: decoded(stored.inputs), outputs: decoded(stored.outputs) };
}

export type Json = Readonly<Record<string, unknown>>;

export const node = (op: string, name: string, input: readonly string[] = [], attr: Json = {}): Json => ({
  op,
  name,
  input,
  attr,
});

export const placeholder = (...extents: readonly number[]): Json =>
  node('Placeholder', 'x', [], {
    dtype: { type: 'DT_FLOAT' },
    shape: { shape: { dim: extents.map((size) => ({ size: String(size) })) } },
  });

export interface Constants {
  readonly [name: string]: {
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly int?: true;
  };
}

/** A TF.js graph model of these nodes; a `Const` node is added for each constant. */
export function graphModel(nodes: readonly Json[], constants: Constants = {}, extra: Json = {}): ByteSource {
  const entries = Object.entries(constants);
  const weights = entries.map(([name, { shape, int }]) => ({
    name,
    shape,
    dtype: int ? 'int32' : 'float32',
  }));
  const parts = entries.map(([, { values, int }]) =>
    int ? Int32Array.from(values) : Float32Array.from(values),
  );
  const bytes = Buffer.concat(parts.map(({ buffer }) => Buffer.from(buffer)));
  const model = {
    format: 'graph-model',
    modelTopology: { node: [...entries.map(([name]) => node('Const', name)), ...nodes], ...extra },
    weightsManifest: [{ paths: ['shard.bin'], weights }],
  };
  const text = new TextEncoder().encode(JSON.stringify(model));
  return memorySource('model.json', text, new Map([['shard.bin', new Uint8Array(bytes)]]));
}

export const openGraph = (...model: Parameters<typeof graphModel>): Promise<Graph> =>
  openModel(graphModel(...model), {});

export const text = (value: string): Json => ({ s: Buffer.from(value).toString('base64') });
export const ints = (...values: readonly number[]): Json => ({ list: { i: values.map(String) } });
