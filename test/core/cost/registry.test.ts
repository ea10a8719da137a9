import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COSTS, type CostName } from '../../../src/core/cost/costs.ts';
import { layerCosts } from '../../../src/core/cost/layerCosts.ts';
import { COST_MODELS, estimate, nodeCosts } from '../../../src/core/cost/registry.ts';
import type { Graph, NodeId } from '../../../src/core/ir/graph.ts';
import { costView, uniformFormats, without } from '../../support/costView.ts';
import { graphBuilder } from '../../support/graphBuilder.ts';

function jetTagger(): Graph {
  const build = graphBuilder();
  let at: NodeId = build.input('x', [16]);
  for (const [i, units] of [64, 32, 32].entries())
    at = build.relu(`relu${i}`, build.dense(`fc${i}`, at, units));
  at = build.dense('out', at, 5);
  return build.graph([build.op('softmax', { kind: 'softmax', log: false }, [at], [5])]);
}

const WEIGHTS = 16 * 64 + 64 * 32 + 32 * 32 + 32 * 5;
const BIASES = 64 + 32 + 32 + 5;

test('every cost has exactly one model', () => {
  const named = COST_MODELS.flatMap(({ costs }) => costs);
  assert.deepEqual([...named].sort(), COSTS.map(({ id }) => id).sort());
  assert.equal(new Set(COST_MODELS.map(({ id }) => id)).size, COST_MODELS.length);
});

test('a uniform plan: BOPs, bits, and every other cost with its basis', () => {
  const graph = jetTagger();
  const view = costView(graph, uniformFormats(graph, 6, 6));
  const { total, nodes, basis } = estimate(view);
  assert.equal(total.bops, WEIGHTS * 36);
  assert.equal(total.bits, WEIGHTS * 6 + BIASES * 16);
  for (const { id } of COSTS) {
    assert.ok(total[id]! >= 0, id);
    assert.ok(basis[id]!.source.length > 0, id);
  }
  for (const { costs, basis: bases, missing } of nodes) {
    assert.ok(Object.keys(costs).length > 0 && bases.length > 0);
    assert.deepEqual(missing, []);
  }
});

test('a float32 plan has sizes, BOPs of 32 × 32 bits and float energy, and no FPGA figures', () => {
  const graph = jetTagger();
  const { total } = estimate(costView(graph, {}));
  assert.equal(total.bops, WEIGHTS * 32 * 32);
  assert.equal(total.bits, (WEIGHTS + BIASES) * 32);
  assert.ok(total.energy! > WEIGHTS * 4.6);
  assert.deepEqual(Object.keys(total).sort(), ['bits', 'bops', 'energy']);
});

test('the costs of one node are those in the report of the plan', () => {
  const graph = jetTagger();
  const view = costView(graph, uniformFormats(graph, 4, 8));
  for (const { node, costs } of estimate(view).nodes)
    assert.deepEqual(nodeCosts(graph.nodes[node]!, view), costs);
});

test('areas of a plan are the sums of its nodes', () => {
  const graph = jetTagger();
  const view = costView(graph, uniformFormats(graph, 4, 8));
  const { nodes, total } = estimate(view);
  for (const name of ['bops', 'bits', 'energy', 'lut', 'dsp', 'ff', 'bram'] as const) {
    const sum = nodes.reduce((so, { costs }) => so + (costs[name] ?? 0), 0);
    assert.ok(Math.abs(sum - total[name]!) < 1e-6 * sum + 1e-9, name);
  }
});

test('more bits never cost fewer BOPs, bits or pJ', () => {
  const graph = jetTagger();
  const widths = [2, 3, 4, 6, 8, 12, 16];
  const monotone: readonly CostName[] = ['bops', 'bits', 'energy'];
  for (const fixedWidth of widths) {
    const byWeight = widths.map(
      (bits) => estimate(costView(graph, uniformFormats(graph, bits, fixedWidth))).total,
    );
    const byInput = widths.map(
      (bits) => estimate(costView(graph, uniformFormats(graph, fixedWidth, bits))).total,
    );
    for (const totals of [byWeight, byInput]) {
      for (let i = 1; i < totals.length; i++) {
        for (const name of monotone)
          assert.ok(totals[i]![name]! >= totals[i - 1]![name]!, `${name} at ${widths[i]} bits`);
      }
    }
  }
});

test('a shared parameter is stored once and multiplied twice', () => {
  const build = graphBuilder();
  const first = build.dense('fc', build.input('x', [4]), 4);
  const second = build.dense('fc', build.relu('relu', first), 4, { like: first });
  const graph = build.graph([second]);
  const { total } = estimate(costView(graph, uniformFormats(graph, 8, 8)));
  assert.equal(total.bits, 16 * 8 + 4 * 16);
  assert.equal(total.bops, 2 * 16 * 64);
});

test('layers add their nodes up, and lack what one of their nodes lacks', () => {
  const build = graphBuilder();
  const dense = build.dense('fc', build.input('x', [16]), 8);
  const relu = build.op(
    'fc',
    { kind: 'activation', activation: { fn: 'relu', slope: 0, threshold: 0 } },
    [dense],
    [8],
  );
  const graph = build.graph([build.dense('out', relu, 2)]);
  const whole = estimate(costView(graph, uniformFormats(graph, 8, 8)));
  const [fc, out] = layerCosts(whole, graph);
  assert.deepEqual([fc!.layer, out!.layer], ['fc', 'out']);
  const byNode = new Map(whole.nodes.map(({ node, costs }) => [node, costs]));
  assert.equal(fc!.costs.lut, byNode.get(dense)!.lut! + byNode.get(relu)!.lut!);
  assert.ok(fc!.basis.length >= 4);

  const formats = without(uniformFormats(graph, 8, 8), 'fc/activation', 'out/weight');
  const partly = layerCosts(estimate(costView(graph, formats)), graph);
  assert.equal(partly[1]!.costs.lut, undefined);
  assert.equal(partly[1]!.costs.bops, 16 * 32 * 32);
});

test('mixed signs in a concatenation do not change its BOPs', () => {
  const build = graphBuilder();
  const x = build.input('x', [8]);
  const relu = build.relu('relu', build.dense('fc', x, 8));
  const joined = build.op('join', { kind: 'concat', axis: 0 }, [x, relu], [16]);
  const graph = build.graph([build.dense('out', joined, 2)]);
  const { total } = estimate(costView(graph, uniformFormats(graph, 8, 8)));
  assert.equal(total.bops, (64 + 32) * 64);
});
