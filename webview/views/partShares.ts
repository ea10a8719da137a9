// The part's budget at a glance: one bar for each resource, marked by icon and words when the network does not fit.

import { element } from '../element.ts';
import { count, percent } from '../format.ts';
import { warningIcon } from '../icons.ts';
import type { PartShare, ResourcesModel } from './resourcesModel.ts';
import type { Say } from '../strings.ts';

export function partShares(model: ResourcesModel, part: string, say: Say): HTMLElement {
  const label = say('resources.part', part);
  const panel = element('section', { class: 'shares', 'aria-label': label, 'data-role': 'shares' });
  panel.append(element('h2', {}, label), ...model.shares.map((share) => shareLine(share, say)));
  const figures = model.figures.map(({ column, value }) =>
    element(
      'span',
      { class: 'figure', 'data-column-id': column.id },
      element('span', { class: 'figure-title' }, column.title),
      element('strong', {}, count(value)),
    ),
  );
  if (figures.length > 0) panel.append(element('p', { class: 'figures' }, ...figures));
  return panel;
}

function shareLine({ column, used, available, share }: PartShare, say: Say): HTMLElement {
  const over = share > 1;
  const bar = element('span', { class: 'meter-bar' });
  bar.style.width = `${Math.min(1, share) * 100}%`;
  const usedText = say('resources.used', count(used), count(available));
  const excess = available === 0 ? say('resources.absent') : say('resources.over', percent(share - 1));
  const verdict = over ? excess : '';
  const meter = element(
    'span',
    {
      class: 'meter',
      role: 'meter',
      'aria-label': column.title,
      'aria-valuemin': 0,
      'aria-valuemax': available,
      'aria-valuenow': Math.min(used, available),
      'aria-valuetext': [usedText, percent(share), verdict].filter((text) => text !== '').join(', '),
    },
    bar,
  );
  const line = element(
    'div',
    { class: 'share', 'data-column-id': column.id, 'data-over': over },
    element('span', { class: 'share-title' }, column.title),
    meter,
    element('span', { class: 'share-percent' }, percent(share)),
    element('span', { class: 'share-used' }, usedText),
  );
  if (over) line.append(element('span', { class: 'share-verdict' }, warningIcon(), verdict));
  return line;
}
