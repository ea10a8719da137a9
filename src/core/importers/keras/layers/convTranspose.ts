// Conv2DTranspose. Output extents and padding as TensorFlow computes them.
// Reference: keras/src/backend/common/backend_utils.py (_get_output_shape_given_tf_padding).

import { activated, checkActivation } from '../activations.ts';
import { imageOf, refuse, type LayerKind, type Scope } from '../scope.ts';
import { channelsOf, padsOf, spatialOf, windowed } from '../spatial.ts';
import { biasOf } from './dense.ts';

export const convTranspose2d: LayerKind = {
  check(config) {
    if (config.perAxis('dilation_rate', 2, 1).some((rate) => rate !== 1))
      return refuse('dilation of a transposed convolution');
    const padding = config.text('padding', 'valid');
    return padding === 'same' || padding === 'valid'
      ? checkActivation(config)
      : refuse(`padding "${padding}"`);
  },
  build(scope) {
    const { config } = scope;
    const input = imageOf(scope, 2);
    const size = config.perAxis('kernel_size', 2);
    const strides = config.perAxis('strides', 2, 1);
    const padding = config.text('padding', 'valid') === 'same' ? 'same' : 'valid';
    const extents = grownExtents(scope, spatialOf(input.shape), size, strides, padding);
    const window = { size, strides, dilation: [1, 1] };
    const pads = padsOf(padding, extents, window);
    // The forward convolution of the output must give the input back, or the two do not belong together.
    const back = windowed(extents, window, pads);
    if (back.some((extent, axis) => extent !== input.shape[axis])) throw config.bad('output_padding');
    const filters = config.count('filters');
    const kernel = scope.weight('kernel', [...size, filters, channelsOf(input.shape)]);
    const bias = biasOf(scope, filters);
    const op = { kind: 'convTranspose', kernel, bias, strides, pads } as const;
    return activated(scope, scope.emit(op, [input], [...extents, filters]));
  },
};

function grownExtents(
  { config }: Scope,
  extents: readonly number[],
  size: readonly number[],
  strides: readonly number[],
  padding: 'same' | 'valid',
): number[] {
  const extra = outputPadding(config.raw('output_padding'), () => config.bad('output_padding'));
  return extents.map((extent, axis) => {
    const [length, stride] = [size[axis]!, strides[axis]!];
    if (!extra) return extent * stride + (padding === 'same' ? 0 : Math.max(length - stride, 0));
    const cut = padding === 'same' ? 2 * Math.floor(length / 2) : 0;
    return (extent - 1) * stride + length - cut + extra[axis]!;
  });
}

/** Unlike other extents it may be zero. */
function outputPadding(value: unknown, bad: () => Error): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  if (list.length !== 2 || !list.every((extent) => Number.isSafeInteger(extent) && Number(extent) >= 0))
    throw bad();
  return list as readonly number[];
}
