// The webview's side of src/protocol/webview.ts: the only file that talks to the extension host.
// View state lives in VS Code's per-panel memory, so a hidden or reopened panel looks as it was left.

import type { FromWebview, ToWebview, ViewName } from '../src/protocol/webview.ts';

interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

type Stored = string | number | boolean;

/** What one view remembers. A value of another type than asked for (an older version wrote it) reads as undefined. */
export interface ViewState {
  string(key: string): string | undefined;
  number(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  set(key: string, value: Stored): void;
}

export interface Bridge {
  readonly post: (message: FromWebview) => void;
  onMessage(listener: (message: ToWebview) => void): void;
  state(view: ViewName): ViewState;
}

export function connect(): Bridge {
  const api = acquireVsCodeApi();
  const post = (message: FromWebview): void => {
    api.postMessage(message);
  };
  return {
    post,
    onMessage(listener) {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        const message = event.data;
        if (typeof message === 'object' && message !== null && 'type' in message)
          listener(message as ToWebview);
      });
    },
    state: (view) => viewState(api, view),
  };
}

function viewState(api: VsCodeApi, view: ViewName): ViewState {
  const values = asRecord(asRecord(api.getState())[view]);
  return {
    string(key) {
      const value = values[key];
      return typeof value === 'string' ? value : undefined;
    },
    number(key) {
      const value = values[key];
      return typeof value === 'number' ? value : undefined;
    },
    flag(key) {
      const value = values[key];
      return typeof value === 'boolean' ? value : undefined;
    },
    set(key, value) {
      if (values[key] === value) return;
      values[key] = value;
      api.setState({ ...asRecord(api.getState()), [view]: values });
    },
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
