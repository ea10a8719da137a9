// Keras files for the tests of this folder: the fixtures, and small ones written on the spot.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { File as H5File, ready, type Group } from 'h5wasm';
import { BitLensError, type ErrorKind } from '../../../src/core/errors.ts';
import type { ByteSource } from '../../../src/core/importers/importer.ts';
import { openModel } from '../../../src/core/importers/registry.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { weightsOf } from '../../../src/core/ir/opFacts.ts';
import { memorySource, textSource } from '../../support/memorySource.ts';

const FOLDER = path.join(process.cwd(), 'test/fixtures/models');

export const fixtureBytes = (file: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(FOLDER, file)));

/** A fixture with its neighbours, as a file on disk has them. */
export function fixtureSource(file: string, bytes = fixtureBytes(file)): ByteSource {
  const source = memorySource(path.basename(file), bytes);
  return {
    ...source,
    sibling(other) {
      const beside = path.join(path.dirname(file), other);
      return existsSync(path.join(FOLDER, beside))
        ? Promise.resolve(fixtureSource(beside))
        : source.sibling(other);
    },
  };
}

export interface Row {
  readonly file: string;
  readonly weights?: string;
  readonly layers?: number;
  readonly parameters?: number;
  readonly macs?: number;
  /** Inputs and what the framework computed from them. */
  readonly io?: string;
  readonly error?: ErrorKind;
}

export const rows = JSON.parse(readFileSync(path.join(FOLDER, 'models.json'), 'utf8')) as readonly Row[];

const opened = new Map<string, Promise<Graph>>();

/** Opens a fixture once for all tests of a file: graphs are not written to. */
export function openFixture(file: string, weights?: string): Promise<Graph> {
  const key = `${file} ${weights ?? ''}`;
  const options = { weights: weights === undefined ? undefined : fixtureSource(weights) };
  const graph = opened.get(key) ?? openModel(fixtureSource(file), options);
  opened.set(key, graph);
  return graph;
}

/** Values of all weights by name, in the order of the nodes. */
export function valuesOf(graph: Graph): ReadonlyMap<string, Float32Array> {
  const weights = graph.nodes.flatMap((node) => weightsOf(node.op));
  return new Map(weights.map((weight) => [weight.name, weight.read()]));
}

/** The promise must fail with a BitLensError of this kind, with a hint, whose whole text matches. */
export async function refuses(promise: Promise<unknown>, kind: ErrorKind, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof BitLensError, `not a BitLensError: ${String(error)}`);
    assert.equal(error.kind, kind, error.stack);
    assert.match(error.message, text);
    assert.ok(error.hint, 'no hint');
    return true;
  });
}

interface LayerJson {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export const layer = (className: string, config: Readonly<Record<string, unknown>>): LayerJson => ({
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
});

/** Architecture JSON of a sequential model on an input of the given shape. */
export function sequential(
  shape: readonly (number | null)[],
  layers: readonly LayerJson[],
  version = '2.9.0',
): unknown {
  const input = layer('InputLayer', { name: 'in', batch_input_shape: [null, ...shape] });
  return {
    class_name: 'Sequential',
    config: { name: 'net', layers: [input, ...layers] },
    keras_version: version,
  };
}

/** Opens an architecture; what it needs no weights for. */
export const openJson = (architecture: unknown, weights?: ByteSource): Promise<Graph> =>
  openModel(textSource('net.json', JSON.stringify(architecture)), { weights });

/** The op and shape that one layer becomes. */
export async function single(
  shape: readonly number[],
  className: string,
  config: Readonly<Record<string, unknown>>,
  version?: string,
) {
  const graph = await openJson(sequential(shape, [layer(className, config)], version));
  const node = graph.nodes.at(-1)!;
  return { op: node.op, shape: node.shape };
}

/** Tensors of a weights file by layer, in Keras's order; values count up from 0 unless given. */
export type Tensors = Readonly<Record<string, Readonly<Record<string, readonly number[] | Float32Array>>>>;

/** A weights-only file as Keras 2 writes it. Shapes are given; Float32Array values fill a vector. */
export async function weightsFile(tensors: Tensors, name = 'net.weights.h5'): Promise<ByteSource> {
  const module = await ready;
  const file = new H5File('/made.h5', 'w');
  file.create_attribute('layer_names', Object.keys(tensors));
  for (const [layerName, weights] of Object.entries(tensors)) {
    const group = file.create_group(layerName);
    group.create_attribute('weight_names', Object.keys(weights));
    for (const [weight, content] of Object.entries(weights)) {
      const shape = content instanceof Float32Array ? [content.length] : [...content];
      const count = shape.reduce((product, extent) => product * extent, 1);
      const data =
        content instanceof Float32Array ? content : Float32Array.from({ length: count }, (_, i) => i);
      const [folder, name] = weight.includes('/') ? weight.split('/') : ['', weight];
      const place = folder ? ((group.get(folder) as Group | null) ?? group.create_group(folder)) : group;
      place.create_dataset({ name: name!, data, shape });
    }
  }
  file.close();
  const bytes = module.FS.readFile('/made.h5', { encoding: 'binary' });
  module.FS.unlink('/made.h5');
  return memorySource(name, bytes);
}

/** Offset of the first occurrence, which must be there. */
export function find(bytes: Uint8Array, wanted: Uint8Array): number {
  const at = bytes.findIndex((_, start) => wanted.every((byte, i) => bytes[start + i] === byte));
  assert.ok(at >= 0);
  return at;
}
