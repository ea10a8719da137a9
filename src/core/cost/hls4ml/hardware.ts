// What one node occupies on an FPGA and how long it takes: the six figures of the hls4ml estimate.

export interface Hardware {
  readonly lut: number;
  readonly dsp: number;
  readonly ff: number;
  /** BRAM18. */
  readonly bram: number;
  /** Cycles from the first input to the last output. */
  readonly latency: number;
  /** Cycles between two inferences (initiation interval). */
  readonly ii: number;
}

export const NOTHING: Hardware = { lut: 0, dsp: 0, ff: 0, bram: 0, latency: 0, ii: 1 };

/** Parts of one node that work at the same time: areas add, the slower one sets the time. */
export function beside(a: Hardware, b: Partial<Hardware>): Hardware {
  return {
    lut: a.lut + (b.lut ?? 0),
    dsp: a.dsp + (b.dsp ?? 0),
    ff: a.ff + (b.ff ?? 0),
    bram: a.bram + (b.bram ?? 0),
    latency: Math.max(a.latency, b.latency ?? 0),
    ii: Math.max(a.ii, b.ii ?? 1),
  };
}

/** Whole LUTs, DSPs and cycles. */
export function rounded(hardware: Hardware): Hardware {
  const { lut, dsp, ff, bram, latency, ii } = hardware;
  return {
    lut: Math.round(lut),
    dsp: Math.round(dsp),
    ff: Math.round(ff),
    bram: Math.ceil(bram),
    latency: Math.round(latency),
    ii: Math.round(ii),
  };
}
