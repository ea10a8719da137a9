// Sliding windows along spatial axes: what they reach, and the padding that formats ask for by a word.
// Reference: tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2; ONNX, `auto_pad` of Conv.

import type { Pads } from '../../ir/ops.ts';

/** One entry per spatial axis. */
export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation?: readonly number[];
}

/** Entries from the first to the last tap along spatial axis s. */
export const reachOf = ({ size, dilation }: Omit<Window, 'strides'>, s: number): number =>
  (size[s]! - 1) * (dilation?.[s] ?? 1) + 1;

/**
 * Padding with which a window makes ⌈extent / stride⌉ entries of each axis.
 * @param odd where the odd one goes
 */
export const samePads = (extents: readonly number[], window: Window, odd: 'begin' | 'end' = 'end'): Pads =>
  extents.map((extent, s) => {
    const stride = window.strides[s]!;
    return halves((Math.ceil(extent / stride) - 1) * stride + reachOf(window, s) - extent, odd);
  });

/** A total of padding on both sides; none when it is negative. */
export function halves(total: number, odd: 'begin' | 'end'): readonly [number, number] {
  const all = Math.max(0, total);
  const small = Math.floor(all / 2);
  return odd === 'end' ? [small, all - small] : [all - small, small];
}

/**
 * The output padding with which a transposed convolution makes the extents that its forward one was applied to.
 * @param extents of the result
 * @param inputs spatial extents of the operand
 */
export const outputPaddingFor = (
  extents: readonly number[],
  inputs: readonly number[],
  window: Window,
  pads: Pads,
): readonly number[] =>
  extents.map((extent, s) => {
    const [before, after] = pads[s] ?? [0, 0];
    return extent - ((inputs[s]! - 1) * window.strides[s]! + reachOf(window, s) - before - after);
  });
