import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hls4ml } from '../../../src/core/cost/hls4ml.ts';
import type { Costs, CostView } from '../../../src/core/cost/costs.ts';
import { kernelShape, weightRows } from '../../../src/core/cost/kernelShape.ts';
import type { NodeId } from '../../../src/core/ir/graph.ts';
import type {
  Activation,
  ConvOp,
  ConvTransposeOp,
  DepthwiseConvOp,
  MergeOp,
  Op,
} from '../../../src/core/ir/ops.ts';
import { costView, uniformFormats, without, type ViewOptions } from '../../support/costView.ts';
import { graphBuilder, RELU, weightOf } from '../../support/graphBuilder.ts';

const NO_PADS = [
  [0, 0],
  [0, 0],
] as const;

function weights(shape: readonly number[]) {
  return weightOf('kernel', shape, new Float32Array(shape.reduce((a, b) => a * b)));
}

/** 16-64-32-32-5 with ReLU and softmax: the jet tagger of the hls4ml papers. */
function jetTagger(weightBits: number, activationBits: number, options: ViewOptions = {}): CostView {
  const build = graphBuilder();
  let at: NodeId = build.input('x', [16]);
  for (const [i, units] of [64, 32, 32].entries())
    at = build.relu(`relu${i}`, build.dense(`fc${i}`, at, units));
  at = build.dense('out', at, 5);
  const graph = build.graph([build.op('softmax', { kind: 'softmax', log: false }, [at], [5])]);
  return costView(graph, uniformFormats(graph, weightBits, activationBits), options);
}

function totalOf(view: CostView): Costs {
  const model = hls4ml();
  return model.total(
    view.graph.nodes.flatMap((node) => model.node(node, view) ?? []),
    view,
  );
}

test('the jet tagger in parallel: 15 cycles, one inference per cycle, softmax tables only', () => {
  const total = totalOf(jetTagger(6, 6));
  assert.deepEqual([total.latency, total.ii, total.bram], [15, 1, 4]);
});

test('6-bit inputs need no DSP at 6-bit weights, the 16-bit input of the first layer does', () => {
  const narrow = totalOf(jetTagger(6, 6));
  assert.equal(narrow.dsp, 5, 'the softmax');
  const graph = jetTagger(6, 6).graph;
  const wideInput = costView(graph, { ...uniformFormats(graph, 6, 6), 'x/input': 'fixed<16,6>' });
  const [first] = graph.nodes.flatMap((node) => hls4ml().node(node, wideInput) ?? []);
  assert.ok(first!.costs.dsp! > 0);
  assert.equal(totalOf(wideInput).dsp, 5 + first!.costs.dsp!);
});

test('fewer bits never need more DSPs, nor more LUTs while products stay where they are', () => {
  const [w4, w6, w8, w12, w16] = [4, 6, 8, 12, 16].map((bits) => totalOf(jetTagger(bits, bits)));
  assert.ok(w4!.lut! < w6!.lut! && w6!.lut! < w8!.lut!, 'all products in LUTs');
  assert.ok(w12!.lut! < w16!.lut!, 'all products in DSPs');
  assert.ok(w8!.dsp === 5 && w8!.dsp < w12!.dsp! && w12!.dsp! < w16!.dsp!);
});

test('a larger reuse factor needs fewer DSPs and more cycles', () => {
  const byReuse = [2, 4, 8, 16, 32, 64].map((reuse) => totalOf(jetTagger(12, 12, { reuse })));
  for (let i = 1; i < byReuse.length; i++) {
    assert.ok(byReuse[i]!.dsp! <= byReuse[i - 1]!.dsp!);
    assert.ok(byReuse[i]!.latency! > byReuse[i - 1]!.latency! && byReuse[i]!.ii! >= byReuse[i - 1]!.ii!);
  }
});

test('a zero weight costs nothing, an equal one shares its product', () => {
  const build = graphBuilder();
  const graph = build.graph([build.dense('fc', build.input('x', [2]), 4, { bias: false })]);
  const formats = { 'x/input': 'fixed<16,6>', 'fc/weight': 'fixed<8,1>' };
  const dspAndLut = (...codes: number[]) => {
    const view = costView(graph, formats, { codes: { fc: Int32Array.from(codes) } });
    const { dsp, lut } = hls4ml().node(view.graph.nodes[1]!, view)!.costs;
    return [dsp!, lut!] as const;
  };
  assert.deepEqual(dspAndLut(0, 0, 0, 0, 0, 0, 0, 0), [0, 0]);
  assert.equal(dspAndLut(45, 45, 45, 45, 0, 0, 0, 0)[0], 1);
  assert.equal(dspAndLut(45, -45, 0, 0, 45, 0, 0, 0)[0], 3);
  assert.ok(dspAndLut(1, 1, 1, 1, 0, 0, 0, 0)[1] < dspAndLut(3, 3, 3, 3, 0, 0, 0, 0)[1]);
});

test('a float32 layer has no estimate, and neither has the network', () => {
  const view = jetTagger(8, 8);
  const formats = uniformFormats(view.graph, 8, 8);
  for (const slot of ['fc1/weight', 'relu0/activation', 'fc1/bias']) {
    const partly = costView(view.graph, without(formats, slot));
    const dense = view.graph.nodes.find(({ layer }) => view.graph.layers[layer]!.name === 'fc1')!;
    const node = hls4ml().node(dense, partly)!;
    assert.deepEqual(node.costs, {}, slot);
    assert.match(node.basis.source, /no estimate/);
    assert.deepEqual(totalOf(partly), {}, slot);
  }
});

test('a folded BatchNorm, a reshape and the input cost nothing', () => {
  const build = graphBuilder();
  const x = build.input('x', [4, 4]);
  const flat = build.op('flatten', { kind: 'reshape' }, [x], [16]);
  const dense = build.dense('fc', flat, 8);
  const graph = build.graph([build.op('bn', { kind: 'identity' }, [dense], [8])]);
  const view = costView(graph, uniformFormats(graph, 8, 8));
  const costing = graph.nodes.filter((node) => hls4ml().node(node, view) !== undefined);
  assert.deepEqual(
    costing.map(({ id }) => id),
    [dense],
  );
});

test('more than 4096 unrolled multiplications are estimated and remarked', () => {
  const build = graphBuilder();
  const graph = build.graph([build.dense('fc', build.input('x', [784]), 64)]);
  const formats = uniformFormats(graph, 6, 6);
  const basis = (reuse: number) => {
    const view = costView(graph, formats, { reuse });
    const node = hls4ml().node(graph.nodes[1]!, view)!;
    assert.ok(node.costs.lut! > 1000);
    return node.basis.source;
  };
  assert.match(basis(1), /4096 multiplications.*ReuseFactor/);
  assert.doesNotMatch(basis(784), /4096/);
});

test('7-series parts pipeline deeper', () => {
  const onUltrascale = totalOf(jetTagger(8, 8));
  const onZynq = totalOf(jetTagger(8, 8, { part: 'xc7z020' }));
  assert.ok(onZynq.latency! > 2 * onUltrascale.latency! && onZynq.ff! > 3 * onUltrascale.ff!);
  assert.equal(onZynq.lut, onUltrascale.lut);
});

/** Costs of a layer between a 16-bit input and a dense layer; its output in 8 bits. */
function between(op: Op, shape: readonly number[], outShape = shape, inputBits = 16): Costs {
  const build = graphBuilder();
  const x = build.input('x', shape);
  const node = build.op('op', op, op.kind === 'merge' ? [x, x] : [x], outShape);
  const graph = build.graph([build.dense('fc', node, 4)]);
  const formats = uniformFormats(graph, 8, 8);
  const view = costView(graph, { ...formats, 'x/input': `fixed<${inputBits},6>` });
  return hls4ml().node(graph.nodes[node]!, view)!.costs;
}

const activation = (fn: Activation): Op => ({ kind: 'activation', activation: fn });

test('ReLU with rounding and saturation takes the reported 72 LUTs per value, without them 28', () => {
  assert.equal(between(activation(RELU), [64]).lut, 72 * 64);
  const build = graphBuilder();
  const relu = build.relu('relu', build.input('x', [64]));
  const graph = build.graph([build.dense('fc', relu, 4)]);
  const formats = {
    ...uniformFormats(graph, 8, 8),
    'x/input': 'ufixed<16,6>',
    'relu/activation': 'ufixed<16,6>',
  };
  assert.equal(hls4ml().node(graph.nodes[1]!, costView(graph, formats))!.costs.lut, 28 * 64);
});

test('clipped and leaky ReLUs cost more than plain ones; tables cost block RAM', () => {
  const plain = between(activation(RELU), [16]);
  assert.ok(between(activation({ fn: 'relu', slope: 0, threshold: 0, max: 6 }), [16]).lut! > plain.lut!);
  assert.equal(between(activation({ fn: 'relu', slope: 0.1, threshold: 0 }), [16]).dsp, 16);
  assert.equal(between({ kind: 'prelu', alpha: weights([16]) }, [16]).dsp, 16);
  for (const fn of ['sigmoid', 'tanh', 'softplus', 'silu'] as const) {
    assert.equal(between(activation({ fn }), [16]).bram, 8, fn);
  }
  assert.equal(between(activation({ fn: 'hardTanh' }), [16]).bram, 0);
  assert.equal(between(activation({ fn: 'hardSilu' }), [16]).dsp, 16);
});

test('softmax of 5 classes is in the reported range', () => {
  const build = graphBuilder();
  const graph = build.graph([
    build.op(
      'softmax',
      { kind: 'softmax', log: false },
      [build.dense('out', build.input('x', [32]), 5)],
      [5],
    ),
  ]);
  const view = costView(graph, uniformFormats(graph, 8, 8));
  const { lut, dsp, ff, bram, latency } = hls4ml().node(graph.nodes[2]!, view)!.costs;
  assert.ok(lut! >= 484 && lut! <= 664 && ff! >= 144 && ff! <= 236 && latency! >= 3 && latency! <= 5);
  assert.deepEqual([dsp, bram], [5, 4]);
});

test('normalization takes a multiplier per channel, merges an adder per value', () => {
  const affine: Op = { kind: 'affine', scale: weights([42]), offset: weights([42]) };
  const build = graphBuilder();
  const x = build.input('x', [42]);
  const relu = build.relu('relu', x);
  const node = build.op('bn', affine, [relu], [42]);
  const graph = build.graph([build.dense('fc', node, 4)]);
  const view = costView(graph, uniformFormats(graph, 8, 16));
  assert.equal(hls4ml().node(graph.nodes[node]!, view)!.costs.dsp, 42, '40 reported');

  const merge = (fn: MergeOp['fn'], bits: number) => between({ kind: 'merge', fn }, [16], [16], bits);
  assert.equal(
    merge('add', 16).lut! - merge('add', 8).lut!,
    16 * 8 * (1 + 2.75),
    'adder and quantizer are wider',
  );
  assert.equal(merge('multiply', 16).dsp, 16);
  assert.equal(merge('multiply', 8).dsp, 0);
  assert.equal(merge('maximum', 8).dsp, 0);
});

test('data movers are wires in parallel and stages in a stream', () => {
  const concat: Op = { kind: 'concat', axis: 0 };
  const build = graphBuilder();
  const x = build.input('x', [8]);
  const joined = build.op('join', concat, [x, x], [16]);
  const graph = build.graph([build.dense('fc', joined, 4)]);
  assert.equal(hls4ml().node(graph.nodes[joined]!, costView(graph, uniformFormats(graph, 8, 8))), undefined);
  const crop: Op = { kind: 'slice', starts: [1, 1, 0], steps: [1, 1, 1] };
  const streamed = between(crop, [8, 8, 4], [6, 6, 4]);
  assert.equal(streamed.latency, 66);
  assert.equal(streamed.bram, 4);
});

test('kernel rows are the weights one input value meets', () => {
  const codes = (count: number) => Int32Array.from({ length: count }, (_, i) => i);
  const rowsOf = (op: ConvOp | DepthwiseConvOp | ConvTransposeOp, count: number) =>
    [...weightRows(op, codes(count))].map((row) => [...row]);
  const shared = { strides: [1, 1], dilation: [1, 1], pads: NO_PADS };

  const grouped: ConvOp = { kind: 'conv', kernel: weights([1, 1, 2, 4]), groups: 2, ...shared };
  assert.deepEqual(rowsOf(grouped, 8), [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 7],
  ]);
  assert.deepEqual(kernelShape(grouped), { inputs: 4, columns: 2, outputs: 4, fanIn: 2, weights: 8 });

  const depthwise: DepthwiseConvOp = { kind: 'depthwiseConv', kernel: weights([1, 2, 3, 1]), ...shared };
  assert.equal(rowsOf(depthwise, 6).length, 6);
  assert.deepEqual(kernelShape(depthwise), { inputs: 6, columns: 1, outputs: 3, fanIn: 2, weights: 6 });

  const transposed: ConvTransposeOp = {
    kind: 'convTranspose',
    kernel: weights([2, 2, 1, 2]),
    strides: [2, 2],
    pads: NO_PADS,
  };
  assert.deepEqual(
    rowsOf(transposed, 8),
    [
      [0, 2, 4, 6],
      [1, 3, 5, 7],
    ],
    'one tap, four phases, two input channels',
  );
  assert.deepEqual(kernelShape(transposed), { inputs: 2, columns: 4, outputs: 4, fanIn: 2, weights: 8 });
});

test('depthwise and transposed convolutions are estimated and say that they were not measured', () => {
  const shared = { strides: [1, 1], dilation: [1, 1], pads: NO_PADS };
  const ops: readonly (readonly [Op, number])[] = [
    [{ kind: 'depthwiseConv', kernel: weights([3, 3, 4, 1]), ...shared }, 6],
    [{ kind: 'convTranspose', kernel: weights([2, 2, 3, 4]), strides: [2, 2], pads: NO_PADS }, 16],
  ];
  for (const [op, extent] of ops) {
    const build = graphBuilder();
    const node = build.op('conv', op, [build.input('x', [8, 8, 4])], [extent, extent, 4]);
    const graph = build.graph([build.relu('relu', node)]);
    const { costs, basis } = hls4ml().node(graph.nodes[node]!, costView(graph, uniformFormats(graph, 8, 8)))!;
    assert.ok(costs.lut! > 100 && costs.latency! >= 64);
    assert.match(basis.error!, /not measured/);
  }
});

test('codes are asked for only where constants count', () => {
  const { graph, ...rest } = jetTagger(8, 8, { reuse: 1024 });
  const never = { ...rest, graph, codes: (): undefined => undefined };
  assert.ok(totalOf({ ...never, target: { ...rest.target, reuse: 1024 } }).dsp! > 0);
  assert.throws(() => totalOf({ ...never, target: { ...rest.target, reuse: 1 } }), /fc0.*no codes/);
});
