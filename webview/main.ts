// Entry of the webview bundle. The page's body names its view (data-view); the host sends whole snapshots.

import './styles.css';
import { connect } from './bridge.ts';
import { createPage } from './page.ts';
import { watchTheme } from './theme.ts';
import { createHeatmap } from './views/heatmap.ts';
import { createPareto } from './views/pareto.ts';
import { createResources } from './views/resources.ts';
import type { ToWebview, ViewName, ViewSnapshot } from '../src/protocol/webview.ts';
import type { View } from './view.ts';

function isViewName(name: string | undefined): name is ViewName {
  return name === 'heatmap' || name === 'pareto' || name === 'resources';
}

function start(name: ViewName, root: HTMLElement): void {
  const bridge = connect();
  const page = createPage(root);
  const services = { page, state: bridge.state(name), post: bridge.post };
  const theme = watchTheme((changed) => view.themeChanged(changed));
  const view = {
    heatmap: () => createHeatmap(services),
    pareto: () => createPareto(services, theme),
    resources: () => createResources(services),
  }[name]() as View<ViewSnapshot>;
  bridge.onMessage((message: ToWebview) => {
    if (message.type === 'empty') page.showEmpty(message.message);
    else if (message.snapshot.view === name) {
      page.show(message.snapshot);
      view.update(message.snapshot);
    }
  });
  bridge.post({ type: 'ready' });
}

const name = document.body.dataset['view'];
const root = document.getElementById('root');
if (root && isViewName(name)) start(name, root);
