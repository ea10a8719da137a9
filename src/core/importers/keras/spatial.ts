// Extents and padding of sliding windows, as TensorFlow defines them.
// Reference: tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2, keras/src/ops/operation_utils.py.

import type { Shape } from '../../ir/graph.ts';
import type { Pads } from '../../ir/ops.ts';

export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
}

export type Padding = 'same' | 'valid' | 'causal';

/**
 * Zeros that "same" (split, the odd one behind) and "causal" (all before) put around the input.
 * @param extents spatial extents of the input
 */
export function padsOf(padding: Padding, extents: readonly number[], window: Window): Pads {
  return extents.map((extent, axis) => {
    const reach = reachOf(window, axis);
    if (padding === 'valid') return [0, 0];
    if (padding === 'causal') return [reach - 1, 0];
    const stride = window.strides[axis]!;
    const total = Math.max((Math.ceil(extent / stride) - 1) * stride + reach - extent, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  });
}

/** Extents after the window slid over the padded input; below 1 where the window does not fit. */
export function windowed(extents: readonly number[], window: Window, pads: Pads): number[] {
  return extents.map((extent, axis) => {
    const [before, after] = pads[axis]!;
    return Math.floor((extent + before + after - reachOf(window, axis)) / window.strides[axis]!) + 1;
  });
}

/** Distance from the first to the last tap of a dilated window, both included. */
const reachOf = ({ size, dilation }: Window, axis: number): number => (size[axis]! - 1) * dilation[axis]! + 1;

/** All axes but the last. */
export const spatialOf = (shape: Shape): Shape => shape.slice(0, -1);

export const channelsOf = (shape: Shape): number => shape.at(-1) ?? 1;
