// A family turns a bit-width and a tensor's statistics into a concrete format and grid. One entry a family; the
// settings name it (`fixed`, `int`, `int-asymmetric`).

import type { ChannelLayout } from '../ir/foldBatchNorm.ts';
import { FLOAT32, MAX_BITS, type Format } from './format.ts';
import { fixedGrid, intGrid, type Grid } from './grid.ts';
import {
  integerBits,
  integerEncoding,
  statisticsOf,
  type RangeMethod,
  type ValueStatistics,
} from './range.ts';

export interface FamilyOptions {
  readonly range: RangeMethod;
  /** Weights get one scale per output channel (integer families only). */
  readonly perChannel: boolean;
}

export interface Family {
  readonly id: 'fixed' | 'int' | 'int-asymmetric';
  readonly title: string;
  weight(bits: number, statistics: ValueStatistics, options: FamilyOptions): Format;
  /** Values that are never negative get an unsigned format. */
  activation(bits: number, statistics: ValueStatistics, options: FamilyOptions): Format;
  /** Biases are not searched: 16 bits in fixed point, float32 (standing for int32 accumulator precision) in integer families. */
  bias(statistics: ValueStatistics, options: FamilyOptions): Format;
}

const fixed: Family = {
  id: 'fixed',
  title: 'Fixed point (ap_fixed, round half to even, saturate)',
  weight: (bits, statistics, { range }) => fixedFormat(bits, statistics, true, range),
  activation: (bits, statistics, { range }) => fixedFormat(bits, statistics, statistics.min < 0, range),
  bias: (statistics) => fixedFormat(MAX_BITS, statistics, true, 'minmax'),
};

function fixedFormat(
  width: number,
  statistics: ValueStatistics,
  signed: boolean,
  range: RangeMethod,
): Format {
  return { kind: 'fixed', width, signed, integer: integerBits(statistics, width, signed, range) };
}

function integerFamily(id: 'int' | 'int-asymmetric', title: string, symmetric: boolean): Family {
  return {
    id,
    title,
    weight: (bits, _statistics, { perChannel }) => ({
      kind: 'int',
      bits,
      signed: true,
      symmetric,
      perChannel,
    }),
    activation(bits, statistics, { range }) {
      const signed = !symmetric || statistics.min < 0;
      const format = { kind: 'int', bits, signed, symmetric, perChannel: false } as const;
      const { scale, zero } = integerEncoding(statistics, format, range);
      return symmetric ? { ...format, scale } : { ...format, scale, zero };
    },
    bias: () => FLOAT32,
  };
}

export const FAMILIES: readonly Family[] = [
  fixed,
  integerFamily('int', 'Integer, symmetric', true),
  integerFamily('int-asymmetric', 'Integer, asymmetric (zero point)', false),
];

export function family(id: Family['id']): Family {
  return FAMILIES.find((entry) => entry.id === id)!;
}

/** Grid of a parameter tensor in a format; integer formats without a scale get it from the values themselves. */
export function parameterGrid(
  format: Format,
  values: Float32Array,
  layout: ChannelLayout,
  range: RangeMethod,
): Grid | undefined {
  if (format.kind === 'float32') return undefined;
  if (format.kind === 'fixed') return fixedGrid(format);
  if (format.scale !== undefined) {
    return intGrid(format, Float32Array.of(format.scale), Int32Array.of(format.zero ?? 0), layout);
  }
  const channels = format.perChannel ? splitChannels(values, layout) : [values];
  const encodings = channels.map((channel) => integerEncoding(statisticsOf(channel), format, range));
  return intGrid(
    format,
    Float32Array.from(encodings, ({ scale }) => scale),
    Int32Array.from(encodings, ({ zero }) => zero),
    layout,
  );
}

function splitChannels(values: Float32Array, { channels, inner }: ChannelLayout): Float32Array[] {
  const perChannel = values.length / channels;
  const split = Array.from({ length: channels }, () => new Float32Array(perChannel));
  const filled = new Int32Array(channels);
  for (let i = 0; i < values.length; i++) {
    const c = Math.floor(i / inner) % channels;
    split[c]![filled[c]!++] = values[i]!;
  }
  return split;
}
