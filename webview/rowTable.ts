// A table whose rows are the unit of focus and choice (Pareto points, layers). It is rebuilt for each snapshot; tab
// stop, focus and scroll position stay with the same row, and a sort button keeps the focus it was clicked with.

import { rovingGrid } from './rovingGrid.ts';

export interface RowTableContent {
  readonly element: HTMLTableElement;
  /** In the order shown. */
  readonly lines: readonly HTMLTableRowElement[];
  /** What each line is about; unique. */
  readonly keys: readonly string[];
}

export interface RowTable {
  /** `start`: key of the row a first drawing begins at. */
  show(content: RowTableContent, start?: string): void;
}

export function rowTable(
  scroller: HTMLElement,
  activate: (row: number) => void,
  visit: (row: number) => void,
): RowTable {
  let lines: readonly HTMLTableRowElement[] = [];
  let keys: readonly string[] = [];
  const grid = rovingGrid(scroller, {
    cellAt: ({ row }) => lines[row],
    positionOf(inside) {
      const row = lines.findIndex((line) => line.contains(inside));
      return row < 0 ? undefined : { row, column: 0 };
    },
    size: () => ({ rows: lines.length, columns: 1 }),
    activate: ({ row }) => activate(row),
    visit: ({ row }) => visit(row),
  });
  return {
    show(content, start) {
      const first = keys.length === 0;
      const key = keys[grid.position.row] ?? start;
      const { scrollTop } = scroller;
      const focus = document.activeElement;
      const focused = scroller.contains(focus);
      const sort = focused && focus instanceof HTMLElement ? focus.dataset['sort'] : undefined;
      scroller.replaceChildren(content.element);
      ({ lines, keys } = content);
      const row = Math.max(0, key === undefined ? 0 : keys.indexOf(key));
      grid.place({ row, column: 0 }, focused && sort === undefined);
      if (sort !== undefined)
        scroller.querySelector<HTMLElement>(`[data-sort="${CSS.escape(sort)}"]`)?.focus();
      scroller.scrollTop = first && start !== undefined ? centred(lines[row], scroller) : scrollTop;
    },
  };
}

function centred(line: HTMLElement | undefined, scroller: HTMLElement): number {
  return (line?.offsetTop ?? 0) - scroller.clientHeight / 2;
}
