// A parameter that the architecture asks for, before the weights are looked up: the bridge between the layers,
// which know names and shapes, and the stores, which know where Keras put the values.

import { BitLensError } from '../../../errors.ts';
import { printShape, type Shape, type Weight } from '../../../ir/graph.ts';
import type { Quantizer } from '../../../quantizers/quantizer.ts';
import type { Place } from '../graphBuilder.ts';

export interface Variable {
  /** Layer names from the outermost model inwards. */
  readonly path: readonly string[];
  readonly className: string;
  /** `kernel`, `moving_mean`. */
  readonly name: string;
  /** Layer inside this one that owns it, as a path of attribute names; empty for the layer itself. */
  readonly within: string;
  /** Place among the variables of that layer, in the order in which Keras creates them. */
  readonly index: number;
  readonly shape: Shape;
  /** Keras 2 files list trainable variables before the others. */
  readonly trainable: boolean;
  /** False for one that only has its place in the file. */
  readonly needed: boolean;
  /**
   * Takes the values.
   * @throws `bad-file` when the shape is another one than the architecture asks for, or a value is not finite
   */
  fill(stored: StoredWeight): void;
  /** The error for a variable that the file does not hold. */
  missing(file: string): BitLensError;
}

/** A tensor of the weights file. */
export interface StoredWeight {
  /** Name or path in the file, for messages. */
  readonly name: string;
  readonly shape: Shape;
  read(): Float32Array;
}

/** What a layer asks for. */
export interface WantedVariable {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable?: boolean | undefined;
  readonly quantizer?: Quantizer | undefined;
  readonly within?: string | undefined;
  readonly needed?: boolean | undefined;
}

export function variableOf(
  file: string,
  { path, layer }: Place,
  wanted: WantedVariable,
  index: number,
): { variable: Variable; weight: Weight } {
  const name = `${path.join('/')}/${wanted.name}`;
  let values: Float32Array | undefined;
  const missing = (from: string) =>
    new BitLensError(
      'missing-weights',
      ['{0} does not hold {1} of layer {2} ({3}).', from, wanted.name, path.join('/'), layer.className],
      ['Give the weights that belong to this architecture, or save the whole model in one file.'],
    );
  const variable: Variable = {
    path,
    name: wanted.name,
    shape: wanted.shape,
    within: wanted.within ?? '',
    needed: wanted.needed !== false,
    index,
    className: layer.className,
    trainable: wanted.trainable !== false && layer.config['trainable'] !== false,
    fill: (stored) => (values = checked(file, name, wanted.shape, stored)),
    missing,
  };
  const read = () => {
    if (!values) throw missing(file);
    return values;
  };
  return { variable, weight: quantizedWeight({ name, shape: wanted.shape, read }, wanted.quantizer) };
}

/** The parameter as its quantizer leaves it; the values before stay at hand. */
export function quantizedWeight(latent: Weight, quantizer: Quantizer | undefined): Weight {
  if (!quantizer) return latent;
  let values: Float32Array | undefined;
  return {
    ...latent,
    quantizer,
    latent: latent.read,
    read: () => (values ??= quantizer.apply(latent.read(), latent.shape)),
  };
}

function checked(file: string, name: string, shape: Shape, stored: StoredWeight): Float32Array {
  if (stored.shape.join() !== shape.join()) {
    const [found, expected] = [printShape(stored.shape), printShape(shape)];
    throw new BitLensError(
      'bad-file',
      ['{0}: {1} ({2}) is {3}, but the architecture asks for {4}.', file, name, stored.name, found, expected],
      ['Architecture and weights do not belong together; save both from the same model.'],
    );
  }
  const values = stored.read();
  if (values.every(Number.isFinite)) return values;
  throw new BitLensError(
    'bad-file',
    ['{0}: {1} ({2}) holds values that are not finite.', file, name, stored.name],
    ['The file is damaged, or training diverged; use an earlier checkpoint.'],
  );
}
