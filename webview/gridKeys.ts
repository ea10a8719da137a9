// Where a key press moves the focus in a grid of cells (WAI-ARIA grid pattern).

export interface GridPosition {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

const PAGE = 10;

/** The new position, clamped to the grid; undefined when the key does not move. */
export function moveInGrid(
  key: string,
  control: boolean,
  from: GridPosition,
  size: GridSize,
): GridPosition | undefined {
  const to = target(key, control, from, size);
  if (!to || size.rows === 0 || size.columns === 0) return undefined;
  return { row: clamp(to.row, size.rows), column: clamp(to.column, size.columns) };
}

function target(
  key: string,
  control: boolean,
  { row, column }: GridPosition,
  size: GridSize,
): GridPosition | undefined {
  // In a one-column grid (rows are the unit) Home and End go to the first and the last row.
  const jumpRows = control || size.columns === 1;
  switch (key) {
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'PageUp':
      return { row: row - PAGE, column };
    case 'PageDown':
      return { row: row + PAGE, column };
    case 'Home':
      return { row: jumpRows ? 0 : row, column: 0 };
    case 'End':
      return { row: jumpRows ? size.rows - 1 : row, column: size.columns - 1 };
    default:
      return undefined;
  }
}

function clamp(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}
