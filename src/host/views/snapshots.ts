// From a stored result to what a view shows.

import * as vscode from 'vscode';
import type { ViewName, ViewSnapshot } from '../../protocol/webview.ts';
import { heatmapSnapshot } from '../present/heatmapSnapshot.ts';
import { paretoSnapshot } from '../present/paretoSnapshot.ts';
import { resourcesSnapshot } from '../present/resourcesSnapshot.ts';
import { outdatedNote, type StoredResult } from '../results/storedResult.ts';

/** @param linked ids of the layers that have a source line */
export function buildSnapshot(
  view: ViewName,
  stored: StoredResult,
  linked: ReadonlySet<string>,
): ViewSnapshot {
  const snapshot = build(view, stored, linked);
  const note = outdatedNote(stored);
  return note === undefined ? snapshot : { ...snapshot, notes: [note, ...snapshot.notes] };
}

function build(view: ViewName, { result, active }: StoredResult, linked: ReadonlySet<string>): ViewSnapshot {
  switch (view) {
    case 'heatmap':
      return heatmapSnapshot(result, active, linked, vscode.l10n.t);
    case 'pareto':
      return paretoSnapshot(result, active, vscode.l10n.t);
    case 'resources':
      return resourcesSnapshot(result, active, linked, vscode.l10n.t);
  }
}
