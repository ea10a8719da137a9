// The tooltip of a chart: plain HTML in the theme's hover colours, so that long texts wrap. Sighted pointer users read
// it; screen readers hear the live region instead.

import { element } from '../element.ts';
import { tooltipPlace, type Spot } from './tooltipPlace.ts';

export interface Tooltip {
  readonly element: HTMLElement;
  /** First line is the heading. `anchor` in pixels of the containing box. */
  show(lines: readonly string[], anchor: Spot): void;
  hide(): void;
}

export function chartTooltip(): Tooltip {
  const tip = element('div', {
    class: 'tooltip',
    'aria-hidden': 'true',
    'data-role': 'tooltip',
    hidden: true,
  });
  return {
    element: tip,
    show([heading, ...lines], anchor) {
      tip.replaceChildren(
        element('strong', {}, heading ?? ''),
        ...lines.map((line) => element('span', {}, line)),
      );
      tip.hidden = false;
      const room = tip.parentElement?.getBoundingClientRect();
      if (!room) return;
      const { x, y } = tooltipPlace(anchor, { width: tip.offsetWidth, height: tip.offsetHeight }, room);
      tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    },
    hide() {
      tip.hidden = true;
    },
  };
}
