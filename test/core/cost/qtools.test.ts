import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { CostView } from '../../../src/core/cost/costs.ts';
import { FLOAT32_TYPE, type DataType } from '../../../src/core/cost/fixedPoint.ts';
import { qtools } from '../../../src/core/cost/qtools.ts';
import { accumulator, multiplier } from '../../../src/core/cost/qtools/arithmetic.ts';
import { countedEnergy, layerEnergy, type EnergyOptions } from '../../../src/core/cost/qtools/layer.ts';
import type { MemoryMode } from '../../../src/core/cost/qtools/memory.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { costView } from '../../support/costView.ts';
import { graphBuilder } from '../../support/graphBuilder.ts';

interface Golden {
  readonly cases: readonly GoldenCase[];
  readonly multipliers: readonly {
    readonly weight: string;
    readonly input: string;
    readonly outputBits: number;
    readonly energy: number;
    readonly sumOf16Bits: number;
  }[];
}

interface GoldenCase {
  readonly model: 'dense' | 'conv';
  readonly reference: readonly [internal: string, accumulator: string] | null;
  readonly memory: {
    readonly weights_on_memory: MemoryMode;
    readonly activations_on_memory: MemoryMode;
    readonly min_sram_size: number;
    readonly rd_wr_on_io: boolean;
  };
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly inputs: number;
        readonly outputs: number;
        readonly parameters: number;
        readonly op_cost: number;
      }
    >
  >;
  readonly sum?: number;
  readonly total?: number;
}

const golden = JSON.parse(readFileSync('test/golden/qtools_head.json', 'utf8')) as Golden;

/** Dense 16 → 8 with 4-bit weights and bias, 8-bit input, 4-bit ReLU. */
function denseView(): CostView {
  const build = graphBuilder();
  const graph = build.graph([build.relu('a0', build.dense('d0', build.input('x', [16]), 8))]);
  const formats = { 'd0/weight': 'fixed<4,1>', 'd0/bias': 'fixed<4,1>', 'x/input': 'fixed<8,1>' };
  return costView(graph, formats, { outputs: { a0: 'ufixed<4,2>' } });
}

/** The first convolution of the chain 8×8×3 → 3×3×16 → 3-bit ReLU → another convolution. */
function convView(): CostView {
  const build = graphBuilder();
  const relu = build.relu('a0', build.conv('c0', build.input('x', [8, 8, 3]), 16));
  const graph = build.graph([build.conv('c1', relu, 8)]);
  const formats = {
    'c0/weight': 'fixed<4,1>',
    'c0/bias': 'fixed<4,1>',
    'x/input': 'fixed<8,1>',
    'a0/activation': 'ufixed<3,1>',
  };
  return costView(graph, formats);
}

const TYPES: Readonly<Record<string, DataType>> = {
  fp16: { kind: 'float', bits: 16 },
  fp32: FLOAT32_TYPE,
  int8: { kind: 'fixed', bits: 8, integer: 1, signed: true },
  int16: { kind: 'fixed', bits: 16, integer: 8, signed: true },
  int32: { kind: 'fixed', bits: 32, integer: 11, signed: true },
  'qb(4,0)': { kind: 'fixed', bits: 4, integer: 1, signed: true },
  'qb(8,2)': { kind: 'fixed', bits: 8, integer: 3, signed: true },
  'relu(4,2)': { kind: 'fixed', bits: 4, integer: 2, signed: false },
};

function optionsOf({ memory, reference }: GoldenCase): EnergyOptions {
  return {
    memory: {
      weights: memory.weights_on_memory,
      activations: memory.activations_on_memory,
      minSramSize: memory.min_sram_size,
      readWriteOnIo: memory.rd_wr_on_io,
    },
    reference: reference ? { internal: TYPES[reference[0]]!, accumulator: TYPES[reference[1]]! } : undefined,
  };
}

function nodeOf(graph: Graph, layer: string) {
  return graph.nodes[graph.layers.find(({ name }) => name === layer)!.nodes[0]!]!;
}

const rounded = (value: number): number => Number(value.toFixed(2));

for (const [i, goldenCase] of golden.cases.entries()) {
  const { weights_on_memory: weights, activations_on_memory: activations } = goldenCase.memory;
  const kind = goldenCase.reference ? `reference ${goldenCase.reference.join('/')}` : goldenCase.model;
  test(`QTools case ${i}: ${kind}, weights ${weights}, activations ${activations}`, () => {
    const view = goldenCase.model === 'dense' ? denseView() : convView();
    const options = optionsOf(goldenCase);
    let sum = 0;
    let total = 0;
    for (const [layer, expected] of Object.entries(goldenCase.layers)) {
      const node = nodeOf(view.graph, layer);
      const energy = layerEnergy(node, view, options);
      const entries = {
        inputs: rounded(energy.inputs),
        outputs: rounded(energy.outputs),
        parameters: rounded(energy.parameters),
        op_cost: rounded(energy.operations),
      };
      assert.deepEqual(entries, expected, layer);
      total += energy.inputs + energy.outputs + energy.parameters + energy.operations;
      sum += countedEnergy(node, energy);
    }
    if (goldenCase.sum !== undefined) assert.equal(Math.trunc(sum), goldenCase.sum);
    if (goldenCase.total !== undefined) assert.equal(Math.trunc(total), goldenCase.total);
  });
}

test('products and sums of all fixed-point and float pairs have the types and energies of QTools', () => {
  assert.equal(golden.multipliers.length, 25);
  for (const { weight, input, outputBits, energy, sumOf16Bits } of golden.multipliers) {
    const circuit = multiplier(TYPES[weight]!, TYPES[input]!);
    const pair = `${weight} × ${input}`;
    assert.equal(circuit.output.bits, outputBits, pair);
    assert.ok(Math.abs(circuit.energy - energy) < 1e-9, pair);
    assert.equal(accumulator(circuit.output, 16, undefined).bits, sumOf16Bits, pair);
  }
});

test('the 6-bit jet tagger of the AutoQKeras paper costs 945 pJ with the rules of HEAD', () => {
  const build = graphBuilder();
  let at = build.input('x', [16]);
  const formats: Record<string, string> = { 'x/input': 'fixed<15,6>' };
  for (const [i, units] of [64, 32, 32, 5].entries()) {
    at = build.dense(`fc${i}`, at, units);
    formats[`fc${i}/weight`] = 'fixed<6,1>';
    formats[`fc${i}/bias`] = 'fixed<6,1>';
    if (i === 3) break;
    at = build.relu(`relu${i}`, at);
    formats[`relu${i}/activation`] = 'ufixed<6,0>';
  }
  at = build.op('softmax', { kind: 'softmax', log: false }, [at], [5]);
  const view = costView(build.graph([at]), formats);
  const model = qtools();
  const nodes = view.graph.nodes.flatMap((node) => model.node(node, view) ?? []);
  assert.equal(Math.trunc(model.total(nodes, view).energy!), 945);
  const dense = nodes.filter(({ node }) => view.graph.nodes[node]!.op.kind === 'dense');
  assert.deepEqual(
    dense.slice(1).map(({ costs }) => rounded(costs.energy!)),
    [355.2, 174.4, 27.25],
  );
});

test('integer formats cost what fixed point of the same width costs', () => {
  const build = graphBuilder();
  const graph = build.graph([build.dense('fc', build.input('x', [16]), 8, { bias: false })]);
  const energyOf = (weight: string, input: string): number | undefined => {
    const view = costView(graph, { 'fc/weight': weight, 'x/input': input });
    return qtools().node(view.graph.nodes[1]!, view)?.costs.energy;
  };
  assert.equal(energyOf('int4 per-channel', 'int8'), energyOf('fixed<4,1>', 'fixed<8,1>'));
  assert.ok(energyOf('int4', 'uint8')! < energyOf('int8', 'uint8')!);
});

test('operations follow the kind of kernel, merge and pooling', () => {
  const build = graphBuilder();
  const x = build.input('x', [4, 4, 2]);
  const pooled = build.op(
    'pool',
    {
      kind: 'pool',
      mode: 'average',
      size: [2, 2],
      strides: [2, 2],
      pads: [
        [0, 0],
        [0, 0],
      ],
    },
    [x],
    [2, 2, 2],
  );
  const sum = build.op('add', { kind: 'merge', fn: 'add' }, [pooled, pooled, pooled], [2, 2, 2]);
  const top = build.op('max', { kind: 'merge', fn: 'maximum' }, [sum, sum], [2, 2, 2]);
  const product = build.op('multiply', { kind: 'merge', fn: 'multiply' }, [top, top], [2, 2, 2]);
  const graph = build.graph([build.dense('fc', product, 1)]);
  const formats = {
    'x/input': 'fixed<8,1>',
    'pool/activation': 'fixed<8,1>',
    'add/activation': 'fixed<8,1>',
    'max/activation': 'fixed<8,1>',
  };
  const view = costView(graph, formats);
  const { memory } = optionsOf(golden.cases[0]!);
  const operations = (id: number) => layerEnergy(graph.nodes[id]!, view, { memory }).operations;
  assert.ok(
    Math.abs(operations(pooled) - 8 * 4 * 0.003125 * (8 + 2)) < 1e-12,
    'adds of 8 bits grown by log2 4',
  );
  assert.ok(Math.abs(operations(sum) - 8 * 2 * 0.003125 * 9) < 1e-12, 'two additions of 9 bits per value');
  assert.equal(operations(top), 0);
  assert.ok(Math.abs(operations(product) - 8 * (0.002994791667 * 64 + 0.001041666667 * 8)) < 1e-9);
});
