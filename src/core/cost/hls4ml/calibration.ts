// Coefficients of the unrolled-layer estimate, one set per HLS version whose reports were public, and the pooled
// set the product uses because a plan does not say which tool will build it.

export interface Calibration {
  readonly id: string;
  readonly title: string;
  /** LUT = adder·accumulator bits·terms + shiftAdd·input bits·extra digits + dspLut·DSP + LUT multiplications. */
  readonly adder: number;
  readonly shiftAdd: number;
  readonly dspLut: number;
  /** FF = ffPerTerm·terms + ffPerDsp·DSP. */
  readonly ffPerTerm: number;
  readonly ffPerDsp: number;
  /** See codeStatistics. */
  readonly minimumBits: number;
  readonly source: string;
  readonly error: string;
}

/** 16×64, 64×32, 32×32 and 32×5 layers of a jet tagger, 16 bits, xcu250, 5 ns. Three parameters, four points. */
export const VIVADO_2019: Calibration = {
  id: 'vivado-hls-2019.2',
  title: 'Vivado HLS 2019.2',
  adder: 1.035,
  shiftAdd: 0.89,
  dspLut: 7.37,
  ffPerTerm: 1.48,
  ffPerDsp: 1.31,
  minimumBits: 5,
  source: 'csynth, Vivado HLS 2019.2, 4 dense layers at 16 bits',
  error: 'LUT 0.3 % on the layers it was fitted to, 11 % on 6-bit ones; DSP exact; FF 9 %',
};

/** Dense layers of 32 to 96 inputs and outputs, 2- to 14-bit weights, 16-bit data, xcu250, 5 ns. */
export const VIVADO_2020: Calibration = {
  id: 'vivado-hls-2020.1',
  title: 'Vivado HLS 2020.1',
  adder: 1.08,
  shiftAdd: 2.13,
  dspLut: 5.7,
  ffPerTerm: 1.37,
  ffPerDsp: 2.43,
  minimumBits: 5,
  source: 'csynth, Vivado HLS 2020.1, 27 dense layers with 16-bit data',
  error: 'LUT 3.3 % mean, 11 % max; DSP exact; FF 23 % mean',
};

/** The jet tagger of VIVADO_2019 built with Vitis; refitted with the DSP counts of the Vitis rule. */
export const VITIS_2022: Calibration = {
  id: 'vitis-hls-2022.2',
  title: 'Vitis HLS 2022.2',
  adder: 1.2517,
  shiftAdd: 1.7744,
  dspLut: 5.6835,
  ffPerTerm: 1.53,
  ffPerDsp: 5.63,
  minimumBits: 0,
  source: 'csynth, Vitis HLS 2022.2, 4 dense layers at 16 bits',
  error: 'LUT 0.4 % on the layers it was fitted to; DSP exact; FF 3 %',
};

/**
 * One set for all three tools: fitted to the 2019.2 and 2020.1 layers together; the Vitis layers were held out
 * (7 to 9 % below their reports). Use it when the tool is not known.
 */
export const POOLED: Calibration = {
  id: 'pooled',
  title: 'Vivado HLS 2019.2 and 2020.1, Vitis HLS 2022.2',
  adder: 1.08,
  shiftAdd: 1.9,
  dspLut: 5.6,
  ffPerTerm: 1.4,
  ffPerDsp: 2.4,
  minimumBits: 5,
  source: 'csynth, 39 dense layers of Vivado HLS 2019.2, 2020.1 and Vitis HLS 2022.2',
  error: 'LUT 6 % mean, −11 to +15 %; DSP within 2 %; FF ±50 %',
};
