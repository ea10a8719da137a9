// One step of the wizard: a quick pick whose entries may arrive while it is open.

import * as vscode from 'vscode';

/** undefined where the user left with Escape. */
export type Answer<T> = T | undefined;

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface Step<T> {
  readonly title: string;
  readonly step: number;
  readonly of: number;
  readonly placeholder: string;
  /** The first one is chosen by Enter. */
  readonly choices: readonly Choice<T>[];
}

export async function pick<T>({ title, step, of, placeholder, choices }: Step<T>): Promise<Answer<T>> {
  const input = vscode.window.createQuickPick<Choice<T>>();
  input.title = title;
  input.step = step;
  input.totalSteps = of;
  input.placeholder = placeholder;
  input.matchOnDescription = true;
  input.ignoreFocusOut = true;
  input.items = choices;
  try {
    return await new Promise<Answer<T>>((resolve) => {
      input.onDidAccept(() => resolve(input.selectedItems[0]?.value));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

/** A busy quick pick while the entries are found. */
export async function whileBusy<T>(title: string, placeholder: string, work: Promise<T>): Promise<T> {
  const input = vscode.window.createQuickPick();
  Object.assign(input, { title, placeholder, busy: true, enabled: false });
  input.show();
  try {
    return await work;
  } finally {
    input.dispose();
  }
}

export function separator<T>(label: string): Choice<T> {
  // A separator cannot be chosen: its value is never read.
  return { label, kind: vscode.QuickPickItemKind.Separator, value: undefined as T };
}
