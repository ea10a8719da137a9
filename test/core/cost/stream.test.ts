import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hls4ml } from '../../../src/core/cost/hls4ml.ts';
import type { CostView, NodeCosts } from '../../../src/core/cost/costs.ts';
import type { Graph, NodeId } from '../../../src/core/ir/graph.ts';
import type { Op } from '../../../src/core/ir/ops.ts';
import { costView, uniformFormats } from '../../support/costView.ts';
import { graphBuilder, weightOf } from '../../support/graphBuilder.ts';

const NO_PADS = [
  [0, 0],
  [0, 0],
] as const;

function validConv(size: number, channels: number, filters: number): Op {
  const count = size * size * channels * filters;
  const kernel = weightOf('kernel', [size, size, channels, filters], new Float32Array(count));
  const bias = weightOf('bias', [filters], new Float32Array(filters));
  return { kind: 'conv', kernel, bias, strides: [1, 1], dilation: [1, 1], pads: NO_PADS, groups: 1 };
}

const POOL: Op = { kind: 'pool', mode: 'max', size: [2, 2], strides: [2, 2], pads: NO_PADS };

/** The SVHN network of the hls4ml tutorial: three convolutions with pooling, three dense layers. */
function svhn(): Graph {
  const build = graphBuilder();
  let at: NodeId = build.input('x', [32, 32, 3]);
  let [extent, channels] = [32, 3];
  for (const [i, filters] of [16, 16, 24].entries()) {
    extent -= 2;
    at = build.op(`conv${i}`, validConv(3, channels, filters), [at], [extent, extent, filters]);
    at = build.relu(`relu${i}`, at);
    extent = Math.floor(extent / 2);
    at = build.op(`pool${i}`, POOL, [at], [extent, extent, filters]);
    channels = filters;
  }
  at = build.op('flatten', { kind: 'reshape' }, [at], [extent * extent * channels]);
  for (const [i, units] of [42, 64].entries())
    at = build.relu(`drelu${i}`, build.dense(`dense${i}`, at, units));
  at = build.dense('out', at, 10);
  return build.graph([build.op('softmax', { kind: 'softmax', log: false }, [at], [10])]);
}

function priced(view: CostView): readonly NodeCosts[] {
  const model = hls4ml();
  return view.graph.nodes.flatMap((node) => model.node(node, view) ?? []);
}

function timesByLayer(view: CostView): Record<string, number> {
  const { graph } = view;
  const entries = priced(view).map(({ node, costs }): [string, number] => [
    graph.layers[graph.nodes[node]!.layer]!.name,
    costs.latency!,
  ]);
  return Object.fromEntries(entries);
}

test('the layers of the SVHN network take the reported cycles', () => {
  const graph = svhn();
  const times = timesByLayer(costView(graph, uniformFormats(graph, 16, 16)));
  const reported = {
    conv0: 1027,
    relu0: 902,
    pool0: 903,
    conv1: 229,
    relu1: 171,
    pool1: 172,
    conv2: 40,
    relu2: 18,
    pool2: 19,
    dense0: 7,
    drelu0: 0,
    dense1: 3,
    drelu1: 0,
    out: 2,
    softmax: 7,
  };
  for (const [layer, cycles] of Object.entries(reported)) {
    assert.ok(Math.abs(times[layer]! - cycles) <= (layer === 'out' ? 1 : 0), `${layer}: ${times[layer]}`);
  }
});

test('the SVHN network: interval 1028 exact, latency within 0.5 % of 1044', () => {
  const graph = svhn();
  const view = costView(graph, uniformFormats(graph, 16, 16));
  const total = hls4ml().total(priced(view), view);
  assert.equal(total.ii, 1028);
  assert.ok(Math.abs(total.latency! / 1044 - 1) < 0.005, String(total.latency));
});

test('the SVHN network: 96 FIFOs of block RAM and 4 tables, as reported', () => {
  // Widths whose accumulators fit into one block per channel, as the 16-bit results of the report do.
  const graph = svhn();
  const view = costView(graph, uniformFormats(graph, 4, 8));
  assert.equal(hls4ml().total(priced(view), view).bram, 96 + 4);
});

test('pooling and ReLU layers of the SVHN network take the reported LUTs', () => {
  const graph = svhn();
  // What the report counts per layer is without the FIFOs behind it: 16 or 24 lanes of this width and depth.
  const inRegisters = (lanes: number, bits: number) => lanes * (2.33 * bits + 4.1);
  for (const [bits, pools] of [
    [16, [2709, 2705, 3803]],
    [6, [2135, 2131, 2939]],
  ] as const) {
    const view = costView(graph, uniformFormats(graph, 16, bits));
    const lut = (layer: string) =>
      priced(view).find(({ node }) => graph.layers[graph.nodes[node]!.layer]!.name === layer)!.costs.lut!;
    const fifo = [16 * 15, 16 * 15, inRegisters(24, bits)];
    for (const [i, reported] of pools.entries()) {
      const error = (lut(`pool${i}`) - fifo[i]!) / reported - 1;
      assert.ok(Math.abs(error) < 0.02, `pool${i}, ${bits} bits: ${error}`);
    }
  }
});

test('a folded convolution takes RF cycles per pixel, and its interval is that of the network', () => {
  const graph = svhn();
  const view = costView(graph, uniformFormats(graph, 8, 8), { reuse: 9 });
  const times = timesByLayer(view);
  assert.equal(times['conv0'], 32 * 32 * 9 + 3);
  assert.equal(hls4ml().total(priced(view), view).ii, 32 * 32 * 9 + 4);
  const dsp = (reuse: number) => {
    const at = costView(graph, uniformFormats(graph, 8, 16), { reuse });
    return hls4ml().total(priced(at), at).dsp!;
  };
  assert.ok(dsp(9) > dsp(27) && dsp(27) > dsp(144));
});

test('padding adds pixels and FIFOs of its own', () => {
  const build = graphBuilder();
  const x = build.input('x', [32, 32, 3]);
  const padded = build.graph([build.conv('conv', x, 16)]);
  const view = costView(padded, uniformFormats(padded, 8, 8));
  const [conv] = priced(view);
  assert.equal(conv!.costs.latency, 34 * 34 + 3);
  assert.equal(
    conv!.costs.bram,
    3,
    'one FIFO of 1156 × 8 bits per input channel; the network output has none',
  );
});

test('a network without convolutions runs in parallel; pixel-wise dense layers stream', () => {
  const build = graphBuilder();
  const flat = build.graph([build.dense('fc', build.input('x', [16]), 8)]);
  const flatView = costView(flat, uniformFormats(flat, 8, 8));
  assert.deepEqual([priced(flatView)[0]!.costs.latency, priced(flatView)[0]!.costs.bram], [1, 0]);
  const again = graphBuilder();
  const pixels = again.graph([again.dense('fc', again.input('x', [50, 16]), 8)]);
  assert.equal(priced(costView(pixels, uniformFormats(pixels, 8, 8)))[0]!.costs.latency, 53);
});
