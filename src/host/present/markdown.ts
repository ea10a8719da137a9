// The little Markdown that hovers are made of. Text from models and files is escaped: a layer may be called `**x**|`.

/** What Markdown, its tables, links made of bare addresses, lists and `$(icons)` would take for their own. */
const SPECIAL = /[\\`*_[\]<>~|&$@]|:(?=\/\/)|(?<=www)\.|^[+\-=#]|(?<=^\d+)[.)]/gi;

/** The text itself, whatever it holds; line breaks become spaces. */
export function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(SPECIAL, '\\$&');
}

/** Monospaced. Formats and ids hold no backticks. */
export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** @param columns titles with the alignment of their column; titles and cells are Markdown already */
export function table(
  columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[],
  rows: readonly (readonly string[])[],
): string {
  // Numbers keep their units: `−0.1 %` does not break.
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(' ', '\u00a0')).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    `|${columns.map(({ align }) => (align === 'right' ? '--:' : ':--')).join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}
