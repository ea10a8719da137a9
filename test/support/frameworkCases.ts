// Every fixture of the importers as one list: how to open it, what goes in, and what its framework gave.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { openModel } from '../../src/core/importers/registry.ts';
import { concatenate } from '../../src/core/float32.ts';
import type { Graph } from '../../src/core/ir/graph.ts';
import { openOnnx, onnxCases } from '../core/importers/onnxCases.ts';
import { example, openProgram, PROGRAMS } from '../core/importers/pytorchSupport.ts';
import { fixtureBytes, fixtureSource, rows } from '../core/importers/support.ts';
import { fixture, FIXTURES, recorded } from '../core/importers/tensorflowSupport.ts';

export interface FrameworkCase {
  readonly framework: string;
  readonly name: string;
  /** The op it is about; absent when it is a network. */
  readonly op?: string;
  open(): Promise<Graph>;
  values(): Promise<CaseValues> | CaseValues;
}

export interface CaseValues {
  readonly batch: number;
  readonly inputs: readonly Float32Array[];
  readonly outputs: readonly Float32Array[];
}

const FOLDER = path.resolve('test/fixtures/models');

const filesOf = (folder: string): readonly string[] => readdirSync(path.join(FOLDER, folder)).sort();

export const frameworkCases = (): readonly FrameworkCase[] => [
  ...kerasCases(),
  ...besideModels('QKeras', 'qkeras'),
  ...besideModels('TensorFlow Lite', 'tflite'),
  ...tensorflowCases(),
  ...pytorchCases(),
  ...allOnnxCases(),
];

interface StoredTensor {
  readonly shape: readonly number[];
  readonly float32: string;
}

const floats = ({ float32 }: StoredTensor): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(float32, 'base64')).buffer);

function storedValues(io: string): CaseValues {
  const text = new TextDecoder().decode(fixtureBytes(io));
  const { inputs, outputs } = JSON.parse(text) as Record<'inputs' | 'outputs', readonly StoredTensor[]>;
  return { batch: outputs[0]!.shape[0]!, inputs: inputs.map(floats), outputs: outputs.map(floats) };
}

const openFile = (file: string, weights?: string): Promise<Graph> =>
  openModel(fixtureSource(file), { weights: weights === undefined ? undefined : fixtureSource(weights) });

/** The networks that models.json lists: files of Keras and TensorFlow.js. */
const kerasCases = (): readonly FrameworkCase[] =>
  rows.flatMap(({ file, weights, io }) =>
    io === undefined
      ? []
      : [
          {
            framework: file.startsWith('tfjs') ? 'TensorFlow.js' : 'Keras',
            name: file,
            open: () => openFile(file, weights),
            values: () => storedValues(io),
          },
        ],
  );

/** Models with an `.io.json` beside them; an architecture has its weights there too. */
function besideModels(framework: string, folder: string): readonly FrameworkCase[] {
  return filesOf(folder)
    .filter((file) => file.endsWith('.io.json'))
    .map((io) => {
      const stem = path.posix.join(folder, io.replace('.io.json', ''));
      const file = ['.tflite', '.h5', '.keras', '.json']
        .map((extension) => stem + extension)
        .find((other) => existsSync(path.join(FOLDER, other)))!;
      const weights = file.endsWith('.json') ? `${stem}.weights.h5` : undefined;
      return {
        framework,
        name: file,
        open: () => openFile(file, weights),
        values: () => storedValues(path.posix.join(folder, io)),
      };
    });
}

const tensorflowCases = (): readonly FrameworkCase[] =>
  FIXTURES.map((name) => ({
    framework: 'TensorFlow',
    name,
    open: () => openModel(fixture(name), {}),
    values() {
      const { inputs, outputs } = recorded(name);
      return {
        batch: inputs[0]!.shape[0]!,
        inputs: inputs.map(({ values }) => values),
        outputs: outputs.map(({ values }) => values),
      };
    },
  }));

const pytorchCases = (): readonly FrameworkCase[] =>
  PROGRAMS.map(({ file, io = file, batch = 1, inputShapes }) => ({
    framework: 'PyTorch',
    name: file,
    open: () => openProgram(file, inputShapes),
    async values() {
      const { inputs, outputs } = await example(io);
      return {
        batch,
        inputs: inputs.map(({ values }) => values),
        outputs: outputs.map(({ values }) => values),
      };
    },
  }));

/** Families whose cases are whole networks. */
const NETWORKS: ReadonlySet<string> = new Set(['torch', 'quantized', 'qonnx']);

function allOnnxCases(): readonly FrameworkCase[] {
  const families = filesOf('onnx').flatMap((file) => /^(\w+)\.json\.gz$/.exec(file)?.[1] ?? []);
  return families.flatMap((family) =>
    onnxCases(family)
      .filter(({ inputs }) => inputs.length > 0)
      .map(({ name, op, model, inputs, outputs }) => ({
        framework: family === 'qonnx' ? 'QONNX' : 'ONNX',
        name: `${family}: ${name}`,
        ...(NETWORKS.has(family) ? {} : { op }),
        open: () => openOnnx(model),
        values: () => ({
          batch: inputs[0]!.length,
          inputs: inputs.map(concatenate),
          outputs: outputs.map(concatenate),
        }),
      })),
  );
}
