// The quantizers of QKeras by name. To add one: a maker in a file of its family and a line here.

import { BitLensError } from '../../errors.ts';
import { binary, BINARY_PARAMETERS, STOCHASTIC_BINARY_PARAMETERS, stochasticBinary } from './binary.ts';
import { BITS_PARAMETERS, HSWISH_PARAMETERS, quantizedBits, quantizedHswish } from './bits.ts';
import { FUNCTIONS } from './functions.ts';
import { LINEAR_PARAMETERS, quantizedLinear } from './linear.ts';
import { bindArguments, type Arguments, type Parameters } from './parameters.ts';
import { PO2_PARAMETERS, quantizedPo2, quantizedReluPo2, RELU_PO2_PARAMETERS } from './po2.ts';
import type { QkerasFunction } from './qkerasFunction.ts';
import { quantizedRelu, RELU_PARAMETERS } from './relu.ts';
import {
  quantizedSigmoid,
  quantizedTanh,
  quantizedUlaw,
  SIGMOID_PARAMETERS,
  TANH_PARAMETERS,
  ULAW_PARAMETERS,
} from './saturating.ts';
import { parseSpelling, type Spelling } from './spelling.ts';
import { STOCHASTIC_TERNARY_PARAMETERS, stochasticTernary, ternary, TERNARY_PARAMETERS } from './ternary.ts';

type Row = readonly [name: string, parameters: Parameters, make: (given: Arguments) => QkerasFunction];

const QUANTIZERS: ReadonlyMap<string, Row> = new Map(
  (
    [
      ['quantized_bits', BITS_PARAMETERS, quantizedBits],
      ['quantized_linear', LINEAR_PARAMETERS, quantizedLinear],
      ['binary', BINARY_PARAMETERS, binary],
      ['stochastic_binary', STOCHASTIC_BINARY_PARAMETERS, stochasticBinary],
      ['bernoulli', STOCHASTIC_BINARY_PARAMETERS, stochasticBinary],
      ['ternary', TERNARY_PARAMETERS, ternary],
      ['stochastic_ternary', STOCHASTIC_TERNARY_PARAMETERS, stochasticTernary],
      ['quantized_relu', RELU_PARAMETERS, quantizedRelu],
      ['quantized_ulaw', ULAW_PARAMETERS, quantizedUlaw],
      ['quantized_tanh', TANH_PARAMETERS, quantizedTanh],
      ['quantized_sigmoid', SIGMOID_PARAMETERS, quantizedSigmoid],
      ['quantized_hswish', HSWISH_PARAMETERS, quantizedHswish],
      ['quantized_po2', PO2_PARAMETERS, quantizedPo2],
      ['quantized_relu_po2', RELU_PO2_PARAMETERS, quantizedReluPo2],
    ] satisfies readonly Row[]
  ).map((row) => [row[0], row]),
);

export const qkerasNames: readonly string[] = [...QUANTIZERS.keys(), ...Object.keys(FUNCTIONS)];

/**
 * @param value how the file spells it
 * @param trained it quantizes a kernel: where it says nothing of a factor (alpha), QKeras' layers set "auto_po2"
 * @returns undefined for a name that is not QKeras', such as Keras' `relu`
 * @throws `unsupported` for arguments it cannot have
 */
export function qkerasFunction(value: unknown, trained = false): QkerasFunction | undefined {
  const spelling = parseSpelling(value);
  const row = QUANTIZERS.get(spelling.name);
  if (!row) return Object.hasOwn(FUNCTIONS, spelling.name) ? FUNCTIONS[spelling.name] : undefined;
  const [, parameters, make] = row;
  return make(bindArguments(trained ? withFactor(spelling, parameters) : spelling, parameters));
}

/** The same, for a parameter: a name that is unknown is an error. */
export function qkerasQuantizer(value: unknown, trained: boolean): QkerasFunction {
  const made = qkerasFunction(value, trained);
  if (made) return made;
  throw new BitLensError('unsupported', [
    'the quantizer {0} is unknown (known are {1})',
    parseSpelling(value).name,
    qkerasNames.join(', '),
  ]);
}

/** Reference: `_set_trainable_parameter` of each quantizer. */
function withFactor(spelling: Spelling, parameters: Parameters): Spelling {
  const at = Object.keys(parameters).indexOf('alpha');
  if (at < 0) return spelling;
  const given = spelling.named['alpha'] ?? spelling.positional[at] ?? null;
  if (given !== null) return spelling;
  const positional = spelling.positional.map((argument, place) => (place === at ? 'auto_po2' : argument));
  return at < positional.length
    ? { ...spelling, positional }
    : { ...spelling, named: { ...spelling.named, alpha: 'auto_po2' } };
}
