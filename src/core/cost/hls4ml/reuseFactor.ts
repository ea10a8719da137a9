// Which reuse factors hls4ml accepts for a dense kernel, and what it takes instead of another.
// Source: fastmachinelearning/hls4ml, backends/fpga/fpga_backend.py (reuse factor validation).

/** Is `reuse` a legal ReuseFactor for a kernel of `inputs` × `columns` weights? */
export function isLegalReuse(inputs: number, columns: number, reuse: number): boolean {
  const weights = inputs * columns;
  const limit = Math.ceil(weights / Math.min(inputs, reuse));
  return (
    (limit % columns === 0 || reuse >= inputs) &&
    (reuse % inputs === 0 || reuse < inputs) &&
    weights % reuse === 0
  );
}

/** The legal ReuseFactor closest to the one asked for; the smaller of two equally close ones. */
export function legalReuse(inputs: number, columns: number, wanted: number): number {
  const weights = inputs * columns;
  const start = Math.min(Math.max(1, Math.round(wanted)), weights);
  for (let distance = 0; distance < weights; distance++) {
    const below = start - distance;
    const above = start + distance;
    if (below >= 1 && isLegalReuse(inputs, columns, below)) return below;
    if (above <= weights && isLegalReuse(inputs, columns, above)) return above;
  }
  return 1;
}
