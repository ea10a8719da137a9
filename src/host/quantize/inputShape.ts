// The shapes of inputs that the model leaves open.

import * as vscode from 'vscode';
import { BitLensError } from '../../core/errors.ts';
import type { Shape } from '../../core/ir/graph.ts';
import { parseShape } from '../../core/ir/parseShape.ts';
import type { ModelRef } from '../../protocol/engine.ts';
import type { Engine } from '../../protocol/engineClient.ts';
import { translate } from '../messages.ts';
import type { Answer } from './pick.ts';

/**
 * Arrays of samples fill open dimensions in; for images and synthetic samples the user says them, until the model can
 * be opened.
 * @param problem says what is open
 * @param data samples that are chosen already
 */
export async function withShapes(
  engine: Engine,
  ref: ModelRef,
  problem: BitLensError,
  data: string | undefined,
): Promise<Answer<ModelRef>> {
  if (data !== undefined && (await isFile(data))) return ref;
  let asked = { problem, text: '' };
  for (;;) {
    const text = await askShapes(asked);
    const inputShapes = text === undefined ? undefined : parseShapes(text);
    if (text === undefined || !inputShapes) return undefined;
    const complete: ModelRef = { ...ref, inputShapes };
    try {
      await engine.call('inspect', { model: complete });
      return complete;
    } catch (error) {
      if (!BitLensError.is(error, 'needs-input-shape') && !BitLensError.is(error, 'bad-option')) throw error;
      asked = { problem: error, text };
    }
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await vscode.workspace.fs.stat(vscode.Uri.file(path))).type === vscode.FileType.File;
}

/** One shape for each input, a semicolon between them. */
function parseShapes(text: string): readonly Shape[] | undefined {
  const shapes = text.split(';').map(parseShape);
  return shapes.every((shape) => shape !== undefined) ? shapes : undefined;
}

function askShapes({ problem, text }: { problem: BitLensError; text: string }): Thenable<Answer<string>> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Shape of the input'),
    prompt: `${translate(problem.what)} ${vscode.l10n.t('Write it without the batch axis, such as 3, 224, 224')}`,
    value: text,
    ignoreFocusOut: true,
    validateInput: (value) =>
      parseShapes(value)
        ? undefined
        : vscode.l10n.t(
            'Write whole numbers, such as 3, 224, 224; a semicolon between the shapes of several inputs',
          ),
  });
}
