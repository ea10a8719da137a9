// The drawings of the views, as path data in a 16 × 16 box: no icon font to load.

import { icon } from './element.ts';

const RING = 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm0 1.2a5.3 5.3 0 1 1 0 10.6A5.3 5.3 0 0 1 8 2.7Z';
const STAR = 'M8 1.2l2.05 4.4 4.8.6-3.55 3.3.93 4.75L8 11.9l-4.23 2.35.93-4.75L1.15 6.2l4.8-.6Z';

export const infoIcon = (): SVGSVGElement =>
  icon('info', RING, 'M7.35 7h1.3v4.4h-1.3Z', 'M7.25 4.5h1.5v1.5h-1.5Z');

export const warningIcon = (): SVGSVGElement =>
  icon('warning', 'M8 1.6 15 14.2H1Zm0 2.5L3 13h10Z', 'M7.35 6.6h1.3v3.4h-1.3Z', 'M7.35 10.8h1.3v1.3h-1.3Z');

export const starIcon = (): SVGSVGElement => icon('star', STAR);

export const pointIcon = (kind: 'front' | 'uniform' | 'dominated'): SVGSVGElement =>
  icon(
    kind,
    {
      front: 'M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
      uniform: 'M8 3.4 12.8 12H3.2Z',
      dominated: 'M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
    }[kind],
  );

export const ringIcon = (): SVGSVGElement => icon('active', RING);
