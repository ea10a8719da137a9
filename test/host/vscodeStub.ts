// A `vscode` for tests of what activation does: it notes what is registered and what is still there, and what VS Code
// is asked to do besides.

export interface VSCodeStub {
  /** What `require('vscode')` gives. */
  readonly module: Readonly<Record<string, unknown>>;
  /** `command bitlens.showLog`, `log channel BitLens`: what is registered or made and not disposed. */
  readonly alive: ReadonlySet<string>;
  /** Files read, commands run, settings written: all that is more than registering. */
  readonly deeds: readonly string[];
}

interface Disposable {
  dispose(): void;
}

export function stubVSCode(): VSCodeStub {
  const alive = new Set<string>();
  const deeds: string[] = [];
  const make = (name: string): Disposable => {
    let id = name;
    for (let copy = 2; alive.has(id); copy++) id = `${name} ${copy}`;
    alive.add(id);
    return { dispose: () => void alive.delete(id) };
  };
  const named =
    (kind: string) =>
    (name: string): Disposable =>
      make(`${kind} ${name}`);
  /** An object whose functions only note that they were called. */
  const noting = (kind: string): object =>
    new Proxy(
      {},
      {
        get: (_target, name) => () => {
          deeds.push(`${kind}.${String(name)}`);
          return Promise.resolve(undefined);
        },
      },
    );

  class EventEmitter {
    readonly #emitter = make('event emitter');
    readonly event = (): Disposable => make('listener');
    readonly fire = (): void => undefined;
    readonly dispose = (): void => this.#emitter.dispose();
  }

  const module = {
    EventEmitter,
    Disposable: {
      from: (...parts: readonly Disposable[]): Disposable => ({
        dispose: () => parts.forEach((part) => part.dispose()),
      }),
    },
    Uri: { joinPath: (base: unknown, ...parts: readonly string[]) => ({ base, parts }) },
    StatusBarAlignment: { Left: 1, Right: 2 },
    l10n: { t: (text: string) => text },
    commands: {
      registerCommand: named('command'),
      executeCommand: (id: string) => void deeds.push(`command ${id}`),
    },
    languages: {
      registerCodeLensProvider: () => make('code lenses'),
      registerHoverProvider: () => make('hovers'),
    },
    window: {
      createOutputChannel: (name: string) => ({
        ...make(`log channel ${name}`),
        info() {},
        warn() {},
        error() {},
      }),
      createStatusBarItem: (id: string) => ({ ...make(`status bar item ${id}`), hide() {}, show() {} }),
      registerWebviewPanelSerializer: named('serializer'),
    },
    workspace: {
      fs: noting('fs'),
      findFiles: () => void deeds.push('findFiles'),
      onDidChangeConfiguration: () => make('listener'),
    },
  };
  return { module, alive, deeds };
}
