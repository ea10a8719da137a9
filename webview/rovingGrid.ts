// Keyboard life of a table (WAI-ARIA grid): one tab stop, arrow keys move it, Enter, Space or a click activates.
// gridKeys.ts decides where a key leads. Cells need no tabindex: they get one when the focus comes to them.

import { moveInGrid, type GridPosition, type GridSize } from './gridKeys.ts';

export interface RovingGridOptions {
  cellAt(position: GridPosition): HTMLElement | undefined;
  /** Inverse of `cellAt`, for anything inside a cell. */
  positionOf(inside: Element): GridPosition | undefined;
  size(): GridSize;
  activate(position: GridPosition): void;
  /** Focus or pointer arrived at a cell. */
  visit(position: GridPosition): void;
}

export interface RovingGrid {
  readonly position: GridPosition;
  /** After the cells were rebuilt: sets the tab stop, and the focus too when the grid had it. */
  place(position: GridPosition, focus: boolean): void;
}

export function rovingGrid(host: HTMLElement, options: RovingGridOptions): RovingGrid {
  let position: GridPosition = { row: 0, column: 0 };
  const stop = (next: GridPosition): HTMLElement | undefined => {
    options.cellAt(position)?.setAttribute('tabindex', '-1');
    position = next;
    const cell = options.cellAt(next);
    cell?.setAttribute('tabindex', '0');
    return cell;
  };
  const positionOf = (target: EventTarget | null): GridPosition | undefined =>
    target instanceof Element ? options.positionOf(target) : undefined;
  host.addEventListener('keydown', (event) => {
    const at = positionOf(event.target);
    if (!at || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      options.activate(at);
    } else {
      const next = moveInGrid(event.key, event.ctrlKey, at, options.size());
      if (!next) return;
      stop(next)?.focus();
    }
    event.preventDefault();
  });
  host.addEventListener('click', (event) => {
    const at = positionOf(event.target);
    if (!at) return;
    stop(at)?.focus({ preventScroll: true });
    options.activate(at);
  });
  host.addEventListener('focusin', (event) => {
    const at = positionOf(event.target);
    if (!at) return;
    stop(at);
    options.visit(at);
  });
  host.addEventListener('pointerover', (event) => {
    const at = positionOf(event.target);
    if (at) options.visit(at);
  });
  return {
    get position() {
      return position;
    },
    place(next, focus) {
      const { rows, columns } = options.size();
      const cell = stop({
        row: Math.max(0, Math.min(next.row, rows - 1)),
        column: Math.max(0, Math.min(next.column, columns - 1)),
      });
      if (focus) cell?.focus({ preventScroll: true });
    },
  };
}
