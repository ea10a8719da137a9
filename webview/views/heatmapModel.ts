// The heat map as rows and texts, without a DOM: from a snapshot and the chosen measure to what heatmapTable.ts prints.

import { bare, full, numberStyle, type NumberStyle } from '../format.ts';
import { heatLevel, heatScale, heatShare, type HeatScale } from '../heatScale.ts';
import type { Say } from '../strings.ts';
import type { HeatmapCell, HeatmapRow, HeatmapSnapshot, Measure } from '../../src/protocol/webview.ts';

export interface HeatCell {
  readonly bits: number;
  /** undefined: this width was not measured. */
  readonly cell: HeatmapCell | undefined;
  readonly text: string;
  /** undefined: nothing to colour. */
  readonly level: number | undefined;
  readonly active: boolean;
}

export interface HeatRow {
  readonly row: HeatmapRow;
  /** `weights`, or `pointwise weight` where a layer has several. */
  readonly part: string;
  /** Width of the active plan when no cell shows it: `float`, `12 bit`. */
  readonly outside: string | undefined;
  readonly cells: readonly HeatCell[];
}

/** The rows of one layer. */
export interface HeatGroup {
  readonly layer: string;
  readonly name: string;
  readonly className: string;
  readonly linked: boolean;
  readonly rows: readonly HeatRow[];
}

export interface HeatmapModel {
  readonly measure: Measure | undefined;
  readonly scale: HeatScale | undefined;
  readonly style: NumberStyle;
  readonly groups: readonly HeatGroup[];
  /** Some row has a width in the active plan. */
  readonly planned: boolean;
}

export function heatmapModel(
  snapshot: HeatmapSnapshot,
  measure: Measure | undefined,
  say: Say,
): HeatmapModel {
  const values = snapshot.rows.flatMap((row) =>
    row.cells.map((cell) => valueOf(cell, measure)).filter((value) => value !== null),
  );
  const scale = measure && heatScale(values, measure.better);
  const style = numberStyle(values, measure?.unit ?? '');
  const planned = snapshot.rows.some((row) => row.activeBits !== null);
  const cell = (row: HeatmapRow, bits: number): HeatCell => {
    const found = row.cells.find((candidate) => candidate.bits === bits);
    const value = found ? valueOf(found, measure) : null;
    return {
      bits,
      cell: found,
      text: value === null ? '–' : bare(value, style),
      level: value === null || !scale ? undefined : heatLevel(heatShare(scale, value)),
      active: row.activeBits === bits,
    };
  };
  const groups = groupByLayer(snapshot.rows).map((rows) => ({
    layer: rows[0]!.layer,
    name: rows[0]!.name,
    className: rows[0]!.className,
    linked: rows[0]!.linked,
    rows: rows.map((row) => ({
      row,
      part: partName(row, rows, say),
      outside: planned ? outsideOf(row, snapshot.bits, say) : undefined,
      cells: snapshot.bits.map((bits) => cell(row, bits)),
    })),
  }));
  return { measure, scale, style, groups, planned };
}

/** "conv2 weights, 4 bit, fixed<4,0>, KL divergence 0.02 nats, active". */
export function cellLabel(
  group: HeatGroup,
  row: HeatRow,
  cell: HeatCell,
  measure: Measure | undefined,
  say: Say,
): string {
  const value = cell.cell ? valueOf(cell.cell, measure) : null;
  const parts = [`${group.name} ${row.part}`, say('heatmap.bits', cell.bits)];
  if (cell.cell) parts.push(cell.cell.format);
  if (measure)
    parts.push(`${measure.title} ${value === null ? say('value.none') : full(value, measure.unit)}`);
  if (cell.active) parts.push(say('heatmap.active'));
  if (!group.linked) parts.push(say('layer.unlinked'));
  return parts.join(', ');
}

/** Everything known of a cell: what it is, then each measure. For the tooltip and the detail line. */
export function cellDetails(
  group: HeatGroup,
  row: HeatRow,
  cell: HeatCell,
  measures: readonly Measure[],
  say: Say,
): string[] {
  const what = [`${group.name} ${row.part}`, say('heatmap.bits', cell.bits)];
  if (cell.cell) what.push(cell.cell.format);
  if (cell.active) what.push(say('heatmap.active'));
  if (!group.linked) what.push(say('layer.unlinked'));
  const values = measures.map((measure) => {
    const value = cell.cell ? valueOf(cell.cell, measure) : null;
    return `${measure.title} ${value === null ? say('value.none') : full(value, measure.unit)}`;
  });
  return [what.join(' · '), ...values];
}

function valueOf(cell: HeatmapCell, measure: Measure | undefined): number | null {
  return (measure && cell.values[measure.id]) ?? null;
}

function groupByLayer(rows: readonly HeatmapRow[]): HeatmapRow[][] {
  const groups: HeatmapRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.layer === row.layer) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

function partName(row: HeatmapRow, siblings: readonly HeatmapRow[], say: Say): string {
  const twin = siblings.some((other) => other !== row && other.part === row.part);
  const slot = row.slot.slice(row.slot.lastIndexOf('/') + 1).replaceAll('_', ' ');
  return twin && slot !== '' ? slot : say(`heatmap.${row.part}`);
}

function outsideOf(row: HeatmapRow, bits: readonly number[], say: Say): string | undefined {
  if (row.activeBits === null) return say('heatmap.float');
  return bits.includes(row.activeBits) ? undefined : say('heatmap.bits', row.activeBits);
}
