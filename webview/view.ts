// What main.ts needs of a view, and what a view is given.

import type { ViewState } from './bridge.ts';
import type { Page } from './page.ts';
import type { Theme } from './theme.ts';
import type { FromWebview, ViewSnapshot } from '../src/protocol/webview.ts';

export interface Services {
  readonly page: Page;
  readonly state: ViewState;
  readonly post: (message: FromWebview) => void;
}

export interface View<S extends ViewSnapshot> {
  /** Draws a snapshot; the page's title, notes and texts are already set. */
  update(snapshot: S): void;
  themeChanged(theme: Theme): void;
}
