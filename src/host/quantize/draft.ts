// What the wizard knows after its first step.

import type * as vscode from 'vscode';
import type { InspectResult, ModelRef } from '../../protocol/engine.ts';
import type { Engine } from '../../protocol/engineClient.ts';
import type { Preprocessing } from './preprocessing.ts';

export interface Draft {
  readonly engine: Engine;
  readonly model: vscode.Uri;
  readonly ref: ModelRef;
  readonly inputs: InspectResult['inputs'];
  /** As it was for this model the last time. */
  readonly preprocessing: Preprocessing;
}
