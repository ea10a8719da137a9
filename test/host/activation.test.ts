// Activation of the built extension: it registers everything and does nothing else. No file is read, no process
// started, and what is registered goes with the extension.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import vm from 'node:vm';
import { COMMANDS, VIEW_TYPES } from '../../src/host/contributions.ts';
import { stubVSCode, type VSCodeStub } from './vscodeStub.ts';

interface Extension {
  activate(context: object): void;
}

interface Loaded extends VSCodeStub {
  readonly extension: Extension;
  /** Functions of Node that touch the world, as they were called: `node:child_process fork`. */
  readonly touched: readonly string[];
  readonly ms: number;
}

const FILE = path.resolve('dist/extension.js');
/** Modules of which nothing may be called. */
const WORLD = /^(node:)?(fs|fs\/promises|child_process|worker_threads|net|http|https|dgram)$/;

/** The built file with a `vscode` and modules of Node that are watched. */
function load(): Loaded {
  const stub = stubVSCode();
  const touched: string[] = [];
  const real = createRequire(FILE);
  const watched = (id: string): unknown =>
    new Proxy(real(id) as object, {
      get: (_target, name) => () => {
        touched.push(`${id} ${String(name)}`);
        throw new Error(`${id} is not for activation.`);
      },
    });
  const load = (id: string): unknown =>
    id === 'vscode' ? stub.module : WORLD.test(id) ? watched(id) : real(id);
  const module = { exports: {} };
  const code = readFileSync(FILE, 'utf8');
  const begin = performance.now();
  const run = vm.compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: FILE,
  }) as (...args: readonly unknown[]) => void;
  run(module.exports, load, module, FILE, path.dirname(FILE));
  return { ...stub, touched, extension: module.exports as Extension, ms: performance.now() - begin };
}

function contextOf(): { subscriptions: { dispose(): void }[] } {
  const folder = { path: path.resolve('.') };
  const state = { get: () => assert.fail('state was read'), update: () => assert.fail('state was written') };
  const context = {
    extensionPath: folder.path,
    extensionUri: folder,
    storageUri: folder,
    globalStorageUri: folder,
  };
  return Object.assign(context, { workspaceState: state, globalState: state, subscriptions: [] });
}

test('activation registers every command and view, the providers, the status bar item and the log', () => {
  const { extension, alive } = load();
  extension.activate(contextOf());
  const registered = [...alive].filter((what) => !/^(event emitter|listener)/.test(what));
  const expected = [
    ...Object.values(COMMANDS).map((id) => `command ${id}`),
    ...Object.values(VIEW_TYPES).map((id) => `serializer ${id}`),
    'code lenses',
    'hovers',
    'status bar item bitlens.plan',
    'log channel BitLens',
  ];
  assert.deepEqual(registered.sort(), expected.sort());
});

test('activation reads no file, starts no process and asks VS Code for nothing', (context) => {
  const { extension, touched, deeds, ms } = load();
  const begin = performance.now();
  extension.activate(contextOf());
  const activation = performance.now() - begin;
  assert.deepEqual([...touched, ...deeds], []);
  context.diagnostic(`loading ${ms.toFixed(1)} ms, activation ${activation.toFixed(1)} ms`);
});

test('what activation registers is gone when its subscriptions are disposed', () => {
  const { extension, alive } = load();
  const context = contextOf();
  extension.activate(context);
  assert.ok(alive.size > 0);
  // As VS Code does, in the reverse order.
  for (const subscription of context.subscriptions.reverse()) subscription.dispose();
  assert.deepEqual([...alive], []);
});

test('the extension can be activated again after it was disposed', () => {
  const { extension, alive } = load();
  const first = contextOf();
  extension.activate(first);
  const registered = [...alive].sort();
  for (const subscription of first.subscriptions) subscription.dispose();
  extension.activate(contextOf());
  assert.deepEqual([...alive].sort(), registered);
});
