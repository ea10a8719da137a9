// What convolution and pooling share: where their spatial axes are and how they are padded.
// Reference: tensorflow/core/framework/kernel_shape_util.cc (GetWindowedOutputSizeVerbose).

import type { Pads } from '../../../ir/ops.ts';
import * as layout from '../../tensors/layout.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { samePads, type Window } from '../../tensors/window.ts';
import { broken, channelsFirst, refuse, upTo, type OpCall } from '../call.ts';

/** [n, ...spatial, c] or [n, c, ...spatial] as [n, c, ...spatial]. */
export function toChannelsFirst(call: OpCall, x: Tensor): Tensor {
  if (x.shape.length < 3) throw broken(call, `its input has ${x.shape.length} axes`);
  return channelsFirst(call) ? x : layout.toChannelsFirst(call.g, x);
}

/** The way back. */
export const fromChannelsFirst = (call: OpCall, x: Tensor): Tensor =>
  channelsFirst(call) ? x : layout.toChannelsLast(call.g, x);

/** Entries of an attribute that has one for every axis: those of the spatial axes. */
export function spatialOf(call: OpCall, attribute: string): readonly number[] {
  const all = call.attrs.ints(attribute);
  if (all.length === 0) return [1, 1];
  if (all.length === 2) return all;
  if (all.length !== 4) throw refuse('its {0} have {1} entries', attribute, all.length);
  const [own, other] = channelsFirst(call)
    ? [all.slice(2), all.slice(0, 2)]
    : [all.slice(1, 3), [all[0]!, all[3]!]];
  if (other.some((entry) => entry !== 1)) throw refuse('its {0} reach over samples or channels', attribute);
  return own;
}

/** @param extents of the spatial axes of the (forward) input */
export function padsOf(call: OpCall, extents: readonly number[], window: Window): Pads {
  const padding = call.attrs.text('padding', 'VALID');
  switch (padding) {
    case 'VALID':
      return extents.map(() => [0, 0]);
    case 'SAME':
      return samePads(extents, window);
    case 'EXPLICIT':
      return explicitPads(call);
    default:
      throw broken(call, `its padding is “${padding}”`);
  }
}

function explicitPads(call: OpCall): Pads {
  const all = call.attrs.ints('explicit_paddings');
  if (all.length !== 8) throw broken(call, 'its explicit padding is incomplete');
  const pairs = upTo(4).map((axis) => [all[2 * axis]!, all[2 * axis + 1]!] as const);
  return channelsFirst(call) ? pairs.slice(2) : pairs.slice(1, 3);
}
