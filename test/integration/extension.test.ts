// BitLens in a real extension host, from activation on: the tests build on each other, in this order.

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { parseResult } from '../../src/core/parseResult.ts';
import { COMMANDS, SETTINGS, VIEW_TYPES } from '../../src/host/contributions.ts';
import { hoverOver, inWorkspace, lensesOf, logText, openViews, setSetting, until } from './support.ts';

const DIGITS = 'digits/model.py';
const RESULT = '.bitlens/digits/result.json';
const NO_RESULT = '.bitlens/other/result.json';
const CUT_SHORT = '.bitlens/cut/result.json';

const extension = (): vscode.Extension<unknown> => {
  const found = vscode.extensions.getExtension('bitlens.bitlens');
  assert.ok(found, 'The extension is not installed.');
  return found;
};

describe('activation', () => {
  before(async () => {
    const { fs } = vscode.workspace;
    await fs.copy(inWorkspace('prepared/result.json'), inWorkspace(RESULT));
    const whole = await fs.readFile(inWorkspace(RESULT));
    await fs.writeFile(inWorkspace(CUT_SHORT), whole.subarray(0, whole.length >> 1));
    await fs.writeFile(inWorkspace(NO_RESULT), new TextEncoder().encode('{"name": "package"}'));
  });

  it('waits for a file that may define a model', async () => {
    assert.equal(extension().isActive, false);
    await vscode.workspace.openTextDocument(inWorkspace('digits/README.md'));
    assert.equal(extension().isActive, false);
    await vscode.workspace.openTextDocument(inWorkspace(DIGITS));
    await until('activation', () => extension().isActive);
  });

  it('registers every command that package.json names', async () => {
    const commands = await vscode.commands.getCommands(true);
    assert.deepEqual(
      Object.values(COMMANDS).filter((id) => !commands.includes(id)),
      [],
    );
  });
});

describe('lenses', () => {
  it('stand above the calls that construct layers of a result', async () => {
    const titles = await lensesOf(DIGITS);
    const text = await vscode.workspace.openTextDocument(inWorkspace(DIGITS));
    const kernels = text.getText().match(/layers\.(Conv2D|Dense)\(/g) ?? [];
    assert.equal(titles.filter((title) => /^w \d+b\b/.test(title)).length, kernels.length, titles.join('\n'));
    assert.equal(kernels.length, 4);
  });

  it('have at most 40 characters, with widths and a cost', async () => {
    const titles = await lensesOf(DIGITS);
    for (const title of titles) {
      assert.ok(title.length <= 40, title);
      // A pooling has a cost, but no width of its own.
      assert.match(title, /^([wa] \d+b( · |$)|[\d.]+k? LUT$)/);
    }
    assert.ok(
      titles.some((title) => /^w \d+b · a \d+b · .*(%|dB) · [\d.]+k? LUT$/.test(title)),
      titles.join('\n'),
    );
  });

  it('stand in TF.js code of the same network too, at the same layers', async () => {
    const kernels = (titles: readonly string[]): string[] => titles.filter((title) => title.startsWith('w '));
    const python = kernels(await lensesOf(DIGITS));
    assert.deepEqual(kernels(await lensesOf('typescript/digits.ts')), python);
    assert.equal(python.length, 4);
  });

  it('do not stand in a file that defines another model', async () => {
    assert.deepEqual(await lensesOf('model.py'), []);
  });

  it('go and come with the setting', async () => {
    const titles = await lensesOf(DIGITS);
    await setSetting(SETTINGS.codeLens, false);
    assert.deepEqual(await lensesOf(DIGITS), []);
    await setSetting(SETTINGS.codeLens, undefined);
    assert.deepEqual(await lensesOf(DIGITS), titles);
  });

  it('go and come with the command, for the user and in a workspace that has its own setting', async () => {
    const titles = await lensesOf(DIGITS);
    for (const own of [undefined, true]) {
      await setSetting(SETTINGS.codeLens, own);
      await vscode.commands.executeCommand(COMMANDS.toggleCodeLens);
      assert.deepEqual(await lensesOf(DIGITS), []);
      await vscode.commands.executeCommand(COMMANDS.toggleCodeLens);
      assert.deepEqual(await lensesOf(DIGITS), titles);
    }
    await setSetting(SETTINGS.codeLens, undefined);
  });

  it('stay when the setting is of a wrong type', async () => {
    const titles = await lensesOf(DIGITS);
    await setSetting(SETTINGS.codeLens, 'perhaps');
    assert.deepEqual(await lensesOf(DIGITS), titles);
    await setSetting(SETTINGS.codeLens, undefined);
  });

  it('follow an edit of the file, and stay away from text that is no code', async () => {
    const document = await vscode.workspace.openTextDocument(inWorkspace(DIGITS));
    const titles = await lensesOf(DIGITS);
    const line = document.lineAt(document.positionAt(document.getText().indexOf('layers.Dense(')).line);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, line.range.start, '    # layers.Dense(10)\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.deepEqual(await lensesOf(DIGITS), titles);
  });
});

describe('hovers', () => {
  it('show the table of widths, the plan and what it rests on', async () => {
    const text = await hoverOver(DIGITS, 'Conv2D(8');
    assert.match(text, /^\*\*conv1\*\* · Conv2D/);
    assert.match(text, /\|\s*Bits\s*\|/);
    for (const bits of [8, 4]) assert.match(text, new RegExp(`^\\|\\s*${bits}\\s*\\|`, 'm'));
    assert.match(text, /▸/);
    assert.match(text, /calibration\.npz/);
  });

  it('are not there beside the calls', async () => {
    assert.equal(await hoverOver(DIGITS, 'Two convolution blocks'), '');
  });

  it('go with the setting', async () => {
    await setSetting(SETTINGS.hover, false);
    assert.equal(await hoverOver(DIGITS, 'Conv2D(8'), '');
    await setSetting(SETTINGS.hover, undefined);
    assert.notEqual(await hoverOver(DIGITS, 'Conv2D(8'), '');
  });
});

describe('views', () => {
  const views = [
    [COMMANDS.showPareto, VIEW_TYPES.pareto],
    [COMMANDS.showHeatmap, VIEW_TYPES.heatmap],
    [COMMANDS.showResources, VIEW_TYPES.resources],
  ] as const;

  for (const [command, viewType] of views) {
    it(`${command} opens its panel, once`, async () => {
      await vscode.commands.executeCommand(command);
      await until(`a tab of ${viewType}`, () => openViews().includes(viewType));
      await vscode.commands.executeCommand(command);
      assert.deepEqual(
        openViews().filter((open) => open === viewType),
        [viewType],
      );
    });
  }

  it('can be closed and opened again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until('closed panels', () => openViews().length === 0);
    await vscode.commands.executeCommand(COMMANDS.showHeatmap);
    await until('the heat map', () => openViews().includes(VIEW_TYPES.heatmap));
  });
});

describe('results', () => {
  it('that are none are ignored with a line in the log', async () => {
    const has = (log: string): boolean => log.includes(`${NO_RESULT} is not a result of BitLens`);
    await until('a line on the file that is no result', async () => has(await logText()));
    const log = await logText();
    assert.match(
      log,
      /\[warning\].*\.bitlens\/cut\/result\.json is not a result of BitLens: it is not JSON\./,
    );
    assert.doesNotMatch(log, /\.bitlens\/digits\/result\.json/);
    assert.doesNotMatch(log, /\[error\]/);
  });

  it('are saved beside the model, and read back the same', async () => {
    await vscode.commands.executeCommand(COMMANDS.saveResult);
    const saved = 'digits/.bitlens/digits.keras/result.json';
    const text = async (file: string): Promise<string> =>
      new TextDecoder().decode(await vscode.workspace.fs.readFile(inWorkspace(file)));
    assert.equal(await text(saved), await text(RESULT));
    assert.equal(parseResult(await text(saved), saved).model.file, 'digits.keras');
  });

  it('that are cleared leave no lens and no hover; views stay open', async () => {
    await vscode.commands.executeCommand(COMMANDS.clearResults);
    assert.deepEqual(await lensesOf(DIGITS), []);
    assert.equal(await hoverOver(DIGITS, 'Conv2D(8'), '');
    assert.deepEqual(openViews(), [VIEW_TYPES.heatmap]);
  });

  it('in the workspace stay there when they are cleared', async () => {
    await vscode.workspace.fs.stat(inWorkspace(RESULT));
  });
});
