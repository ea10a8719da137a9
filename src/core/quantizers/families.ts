// A family turns a bit-width and a tensor's statistics into a concrete format and grid. One entry a family; the
// settings name it (`fixed`, `int`, `int-asymmetric`).

import type { ChannelLayout } from '../ir/foldBatchNorm.ts';
import { MAX_BITS, type FixedFormat, type Format } from './format.ts';
import { fixedGrid, intGrid, type Grid } from './grid.ts';
import {
  encodingsBetween,
  integerBits,
  integerEncoding,
  statisticsOf,
  type Encoding,
  type RangeChoice,
  type RangeMethod,
  type ValueStatistics,
} from './range.ts';

export interface FamilyOptions {
  /** Weights get one scale (in fixed point: one binary point) per output channel. */
  readonly perChannel: boolean;
}

/** What the range of a weight tensor is set from. */
export interface WeightValues {
  readonly statistics: ValueStatistics;
  /** Statistics of each output channel. */
  channels(): readonly ValueStatistics[];
}

export interface Family {
  readonly id: 'fixed' | 'int' | 'int-asymmetric';
  readonly title: string;
  /**
   * Formats of a weight tensor at a width, one per range worth trying with this method; the method's own comes first.
   * `output` yields several: from the narrowest sensible range to the widest.
   */
  weight(bits: number, values: WeightValues, range: RangeChoice, options: FamilyOptions): readonly Format[];
  /** The same for activations. Values that are never negative get an unsigned format. */
  activation(bits: number, statistics: ValueStatistics, range: RangeChoice): readonly Format[];
}

const fixed: Family = {
  id: 'fixed',
  title: 'Fixed point (ap_fixed, round half to even, saturate)',
  weight: (bits, values, range, { perChannel }) =>
    perChannel ? [perChannelFixed(bits, values, range)] : fixedFormats(bits, values.statistics, true, range),
  activation: (bits, statistics, range) => fixedFormats(bits, statistics, statistics.min < 0, range),
};

function perChannelFixed(width: number, values: WeightValues, range: RangeChoice): Format {
  const method = range === 'output' ? 'mse' : range;
  const integers = values.channels().map((channel) => integerBits(channel, width, true, method));
  const integer = Math.max(...integers);
  const lowest = Math.max(Math.min(...integers), integer - CHANNEL_SPREAD);
  const format = { kind: 'fixed', width, signed: true, integer } as const;
  return lowest === integer ? format : { ...format, lowest };
}

/** Channels whose values are smaller than this many bits below the largest share the lowest binary point. */
const CHANNEL_SPREAD = 8;

/** Biases are few and added to wide sums: they are not searched but kept at 16-bit fixed point in every family. */
export function biasFormat(statistics: ValueStatistics): Format {
  return fixedFormats(MAX_BITS, statistics, true, 'minmax')[0]!;
}

function fixedFormats(
  width: number,
  statistics: ValueStatistics,
  signed: boolean,
  range: RangeChoice,
): Format[] {
  const make = (integer: number): Format => ({ kind: 'fixed', width, signed, integer });
  if (range !== 'output') return [make(integerBits(statistics, width, signed, range))];
  const narrow = integerBits(statistics, width, signed, 'mse');
  const wide = integerBits(statistics, width, signed, 'minmax');
  return Array.from({ length: wide - narrow + 1 }, (_, extra) => make(narrow + extra));
}

function integerFamily(id: 'int' | 'int-asymmetric', title: string, symmetric: boolean): Family {
  return {
    id,
    title,
    weight: (bits, _values, _range, { perChannel }) => [
      { kind: 'int', bits, signed: true, symmetric, perChannel },
    ],
    activation(bits, statistics, range) {
      const signed = !symmetric || statistics.min < 0;
      const format = { kind: 'int', bits, signed, symmetric, perChannel: false } as const;
      const encode = ({ scale, zero }: Encoding): Format =>
        symmetric ? { ...format, scale } : { ...format, scale, zero };
      if (range !== 'output') return [encode(integerEncoding(statistics, format, range))];
      return encodingsBetween(statistics, format).map(encode);
    },
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
  if (format.kind === 'fixed') return fixedParameterGrid(format, values, layout, range);
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

function fixedParameterGrid(
  format: FixedFormat,
  values: Float32Array,
  layout: ChannelLayout,
  range: RangeMethod,
): Grid {
  const { lowest, integer, width, signed } = format;
  if (lowest === undefined) return fixedGrid(format);
  const integers = splitChannels(values, layout).map((channel) => {
    const own = integerBits(statisticsOf(channel), width, signed, range);
    return Math.min(Math.max(own, lowest), integer);
  });
  return fixedGrid(format, integers, layout.inner);
}

/** The values of each channel, by channel. */
export function splitChannels(values: Float32Array, { channels, inner }: ChannelLayout): Float32Array[] {
  const perChannel = values.length / channels;
  const split = Array.from({ length: channels }, () => new Float32Array(perChannel));
  const filled = new Int32Array(channels);
  for (let i = 0; i < values.length; i++) {
    const c = Math.floor(i / inner) % channels;
    split[c]![filled[c]!++] = values[i]!;
  }
  return split;
}
