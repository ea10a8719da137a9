// Max and average pooling over windows and over everything.

import { imageOf, refuse, type LayerKind } from '../scope.ts';
import { channelsOf, padsOf, spatialOf, windowed } from '../spatial.ts';

export const pool = (mode: 'max' | 'average', axes: number): LayerKind => ({
  check(config) {
    const padding = config.text('padding', 'valid');
    return padding === 'same' || padding === 'valid' ? undefined : refuse(`padding "${padding}" is unknown`);
  },
  build(scope) {
    const { config } = scope;
    const input = imageOf(scope, axes);
    const size = config.perAxis('pool_size', axes, 2);
    const strides = config.perAxis('strides', axes, size);
    const window = { size, strides, dilation: size.map(() => 1) };
    const pads = padsOf(
      config.text('padding', 'valid') === 'same' ? 'same' : 'valid',
      spatialOf(input.shape),
      window,
    );
    const extents = windowed(spatialOf(input.shape), window, pads);
    if (extents.some((extent) => extent < 1)) throw config.wrong('has a window larger than its input');
    const shape = [...extents, channelsOf(input.shape)];
    return scope.emit({ kind: 'pool', mode, size, strides, pads }, [input], shape);
  },
});

export const globalPool = (mode: 'max' | 'average', axes: number): LayerKind => ({
  build(scope) {
    const input = imageOf(scope, axes);
    const kept = scope.config.flag('keepdims', false) ? spatialOf(input.shape).map(() => 1) : [];
    return scope.emit({ kind: 'globalPool', mode }, [input], [...kept, channelsOf(input.shape)]);
  },
});
