// How values are fed to the network, as the user writes it in the wizard: `1/255, 0`.

/** x · scale + offset. */
export interface Preprocessing {
  readonly scale: number;
  readonly offset: number;
}

/** One or two numbers or fractions, the offset is 0 when left out; undefined for what is none. */
export function parsePreprocessing(text: string): Preprocessing | undefined {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '');
  const [scale, offset = 0] = parts.map(parseNumber);
  const valid = scale !== undefined && parts.length <= 2 && Number.isFinite(scale) && Number.isFinite(offset);
  return valid && scale !== 0 ? { scale, offset } : undefined;
}

/** `0.5`, `1/255`. */
function parseNumber(text: string): number {
  const [top, bottom, ...rest] = text.split('/');
  if (rest.length > 0 || !top || bottom === '') return NaN;
  return bottom === undefined ? Number(top) : Number(top) / Number(bottom);
}
