// Every model file of the fixtures, whatever its format, with the files that belong to it.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ByteSource } from '../../../../src/core/importers/importer.ts';
import { memorySource } from '../../../support/memorySource.ts';
import { onnxCases } from '../onnxCases.ts';
import { rows } from '../support.ts';

const FOLDER = path.join(process.cwd(), 'test/fixtures/models');

/** A model in memory: the file that is opened, and what lies beside it, by relative path. */
export interface ModelFiles {
  /** For messages: `keras2/tiny.h5`. */
  readonly name: string;
  /** Path of the file that is opened, in `parts`. */
  readonly main: string;
  readonly parts: ReadonlyMap<string, Uint8Array>;
  /** Path of the file that `--weights` would name, in `parts`. */
  readonly weights?: string | undefined;
}

export interface Opened {
  readonly source: ByteSource;
  readonly weights: ByteSource | undefined;
}

export function sourcesOf({ main, parts, weights }: ModelFiles): Opened {
  const source = (file: string) => memorySource(path.posix.basename(file), parts.get(file)!, parts);
  return { source: source(main), weights: weights === undefined ? undefined : source(weights) };
}

/** The model with one of its files changed. */
export const changed = (model: ModelFiles, part: string, bytes: Uint8Array): ModelFiles => ({
  ...model,
  parts: new Map([...model.parts, [part, bytes]]),
});

const MODEL = /\.(h5|hdf5|keras|tflite|pb|onnx|pt|pth|pt2|safetensors|json)$/;
const NO_MODEL = /\.io\.|^models\.json$|^tensors\/|^onnx\/.*\.json$/;
/** What a model of several files keeps beside the one that is opened. */
const BESIDE = /\.(bin|data|index|onnx_data|weights)$|\.data-\d+-of-\d+$/;

/** @param onnxEvery takes each n-th of the recorded ONNX models only: there are hundreds of one node each */
export function modelFiles(onnxEvery: number): readonly ModelFiles[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => statSync(path.join(FOLDER, file)).isFile())
    .sort();
  const single = files
    .filter((file) => MODEL.test(file) && !NO_MODEL.test(file))
    .map((file) => whole(file, files));
  const families = files.flatMap((file) => /^onnx\/(\w+)\.json\.gz$/.exec(file)?.[1] ?? []);
  const recorded = families.flatMap((family) => onnxCases(family).map((found) => ({ family, ...found })));
  return [
    ...single,
    ...recorded
      .filter((_, at) => at % onnxEvery === 0)
      .map(({ family, name, model, folded }, at) => ({
        name: `onnx/${family}/${name}`,
        main: 'model.onnx',
        parts: new Map([['model.onnx', at % 2 === 1 && folded ? folded : model]]),
      })),
  ];
}

const read = (file: string): Uint8Array => new Uint8Array(readFileSync(path.join(FOLDER, file)));

function whole(file: string, files: readonly string[]): ModelFiles {
  const folder = path.posix.dirname(file);
  const main = path.posix.basename(file);
  const beside = files.filter((other) => other.startsWith(`${folder}/`) && BESIDE.test(other));
  const parts = new Map([
    [main, read(file)],
    ...beside.map((other) => [path.posix.relative(folder, other), read(other)] as const),
  ]);
  const apart = rows.find((row) => row.file === file && row.weights !== undefined)?.weights;
  if (apart === undefined) return { name: file, main, parts };
  const weights = path.posix.basename(apart);
  return { name: file, main, parts: new Map([...parts, [weights, read(apart)]]), weights };
}
