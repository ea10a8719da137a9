// The user's settings, from VS Code. settingValues.ts checks them.

import * as vscode from 'vscode';
import type { QuantizeSettings } from '../core/result.ts';
import { SETTINGS, SETTINGS_SECTION } from './contributions.ts';
import { readFlag, readQuantizeSettings } from './settingValues.ts';

export function isEnabled(name: 'codeLens' | 'hover'): boolean {
  return readFlag(vscode.workspace.getConfiguration(SETTINGS_SECTION).get(SETTINGS[name]), true);
}

export async function setCodeLens(enabled: boolean): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION);
  // Where a workspace has a value of its own, the user's would not count.
  const inWorkspace = configuration.inspect(SETTINGS.codeLens)?.workspaceValue !== undefined;
  const { Global, Workspace } = vscode.ConfigurationTarget;
  await configuration.update(SETTINGS.codeLens, enabled, inWorkspace ? Workspace : Global);
}

export function affectsViews(event: vscode.ConfigurationChangeEvent): boolean {
  return [SETTINGS.codeLens, SETTINGS.hover].some((name) =>
    event.affectsConfiguration(`${SETTINGS_SECTION}.${name}`),
  );
}

/** What a run of this model does when the user presses Enter; folders of a workspace may have settings of their own. */
export function quantizeSettings(model: vscode.Uri): QuantizeSettings {
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION, model);
  return readQuantizeSettings((id) => configuration.get<unknown>(id));
}
