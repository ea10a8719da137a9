import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEAT_LEVELS } from '../../webview/heatScale.ts';
import { speaker } from '../../webview/strings.ts';
import {
  cellDetails,
  cellLabel,
  heatmapModel,
  type HeatCell,
  type HeatmapModel,
} from '../../webview/views/heatmapModel.ts';
import type { HeatmapSnapshot } from '../../src/protocol/webview.ts';
import { heatmapSnapshot, KL, separableRows, SQNR } from './snapshots.ts';

const say = speaker({});
const model = (changes: Partial<HeatmapSnapshot> = {}): HeatmapModel =>
  heatmapModel(heatmapSnapshot(changes), KL, say);

test('the rows of a layer form one group', () => {
  const { groups } = model();
  assert.deepEqual(
    groups.map(({ name, rows }) => [name, ...rows.map((row) => row.part)]),
    [
      ['conv1', 'weights', 'output'],
      ['conv2', 'weights'],
    ],
  );
});

test('tensors of the same kind in one layer are told apart by their slot', () => {
  const { groups } = model({ rows: separableRows() });
  assert.deepEqual(
    groups[0]?.rows.map((row) => row.part),
    ['depthwise weight', 'pointwise weight', 'output'],
  );
});

test('cells carry text, level and the mark of the active plan', () => {
  const { groups, scale } = model();
  const [best, active, worst] = groups[0]!.rows[0]!.cells;
  assert.equal(scale?.kind, 'log');
  assert.deepEqual([best?.text, active?.text, worst?.text], ['1e-4', '0.020', '1.5']);
  assert.ok(best!.level! < active!.level! && active!.level! < worst!.level!);
  assert.deepEqual([best!.active, active!.active], [false, true]);
  // A loss of exactly zero is the quietest level; the largest one the hottest.
  const levels = groups[1]!.rows[0]!.cells.map((cell) => cell.level);
  assert.deepEqual([levels[0], levels[2]], [0, HEAT_LEVELS - 1]);
});

test('another measure repaints by its own direction', () => {
  const { groups } = heatmapModel(heatmapSnapshot(), SQNR, say);
  assert.deepEqual(
    groups[0]?.rows[0]?.cells.map((cell) => [cell.text, cell.level]),
    [
      ['48', 0],
      ['24', 21],
      ['12', HEAT_LEVELS - 1],
    ],
  );
});

test('a width without value is blank, not coloured', () => {
  const [row] = heatmapSnapshot().rows;
  const sparse = { ...row!, cells: [{ ...row!.cells[0]!, values: { kl: null } }] };
  const [blank, missing] = model({ rows: [sparse] }).groups[0]!.rows[0]!.cells as [HeatCell, HeatCell];
  assert.deepEqual([blank.text, blank.level, missing.text, missing.cell], ['–', undefined, '–', undefined]);
});

test('a row whose width has no column says so beside its name', () => {
  const { groups } = model();
  assert.equal(groups[0]?.rows[0]?.outside, undefined);
  assert.equal(groups[1]?.rows[0]?.outside, 'float');
  const [row] = heatmapSnapshot().rows;
  assert.equal(model({ rows: [{ ...row!, activeBits: 12 }] }).groups[0]?.rows[0]?.outside, '12 bit');
  // Without any plan, "float" on each row would be noise.
  const none = model({ rows: [{ ...row!, activeBits: null }] });
  assert.deepEqual([none.planned, none.groups[0]?.rows[0]?.outside], [false, undefined]);
});

test('a cell reads out layer, tensor, width, format, value and state', () => {
  const { groups } = model();
  const [linked, unlinked] = groups;
  const row = linked!.rows[0]!;
  assert.equal(
    cellLabel(linked!, row, row.cells[1]!, KL, say),
    'conv1 weights, 4 bit, fixed<4,0>, KL divergence 0.02\u00a0nats, active',
  );
  const other = unlinked!.rows[0]!;
  assert.equal(
    cellLabel(unlinked!, other, other.cells[2]!, KL, say),
    'conv2 weights, 2 bit, fixed<2,0>, KL divergence 2\u00a0nats, no source line',
  );
});

test('details list every measure', () => {
  const group = model().groups[0]!;
  const row = group.rows[0]!;
  assert.deepEqual(cellDetails(group, row, row.cells[1]!, [KL, SQNR], say), [
    'conv1 weights · 4 bit · fixed<4,0> · active',
    'KL divergence 0.02\u00a0nats',
    'SQNR 24\u00a0dB',
  ]);
});
