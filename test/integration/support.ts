// What the tests in the extension host share: the workspace they run in, and waiting for what VS Code does by and by.

import * as vscode from 'vscode';

const PATIENCE_MS = 20_000;
const POLL_MS = 50;

/** The workspace that .vscode-test.mjs made: model.py, digits/, and a result of digits.keras in prepared/. */
export function inWorkspace(file: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('No folder is open: run this with npm test -- integration.');
  return vscode.Uri.joinPath(folder.uri, file);
}

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await condition());) {
    if (Date.now() - start > PATIENCE_MS) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Titles of the code lenses of a file, from the top down. */
export async function lensesOf(file: string): Promise<string[]> {
  const { uri } = await vscode.workspace.openTextDocument(inWorkspace(file));
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
  );
  return lenses.flatMap(({ command }) => (command ? [command.title] : []));
}

/** Text of the hovers over the first place where the file says this. */
export async function hoverOver(file: string, text: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(inWorkspace(file));
  const at = document.getText().indexOf(text);
  if (at < 0) throw new Error(`${file} does not say ${text}.`);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(at),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n');
}

/** View types of the open webviews. VS Code puts a word of its own before them. */
export function openViews(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputWebview ? [input.viewType.replace(/^mainThreadWebview-/, '')] : [],
    );
}

/** What the log channel holds; it has a document once it is shown. */
export async function logText(): Promise<string> {
  await vscode.commands.executeCommand('bitlens.showLog');
  const isLog = ({ uri }: vscode.TextDocument): boolean =>
    uri.scheme === 'output' && uri.path.includes('bitlens');
  await until('the log', () => vscode.workspace.textDocuments.some(isLog));
  return vscode.workspace.textDocuments.find(isLog)?.getText() ?? '';
}

/** Sets a setting in the workspace; undefined takes it away. */
export async function setSetting(name: string, value: unknown): Promise<void> {
  const target = vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('bitlens').update(name, value, target);
}
