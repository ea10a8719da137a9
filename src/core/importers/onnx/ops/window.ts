// Attributes that convolutions and pooling share: windows, steps and padding of the spatial axes.

import type { Shape } from '../../../ir/graph.ts';
import type { Pads } from '../../../ir/ops.ts';
import { samePads, type Window } from '../../tensors/window.ts';
import type { OnnxNode } from '../node.ts';
import { broken } from '../refuse.ts';

export type WindowAttributes = Required<Window>;

/** @param kernel extents of the kernel, when there is one; else `kernel_shape` says them */
export function windowOf(node: OnnxNode, rank: number, kernel?: readonly number[]): WindowAttributes {
  const size = kernel ?? node.ints('kernel_shape');
  const stated = node.ints('kernel_shape');
  if (!size || size.length !== rank) throw broken(node, `its kernel does not fit ${rank} spatial axes`);
  if (stated && stated.join() !== size.join())
    throw broken(node, `its kernel_shape is ${stated.join()}, its kernel ${size.join()}`);
  const perAxis = (name: string): readonly number[] => {
    const list = node.ints(name) ?? size.map(() => 1);
    if (list.length !== rank || list.some((value) => value < 1))
      throw broken(node, `its ${name} are ${list.join()}`);
    return list;
  };
  if (size.some((extent) => extent < 1)) throw broken(node, `its kernel is ${size.join()}`);
  return { size, strides: perAxis('strides'), dilation: perAxis('dilations') };
}

/** Padding that `auto_pad` or `pads` asks for. @param spatial extents of the input */
export function padsOf(node: OnnxNode, spatial: Shape, window: WindowAttributes): Pads {
  const mode = node.text('auto_pad', 'NOTSET');
  if (mode === 'VALID') return spatial.map(() => [0, 0]);
  if (mode === 'NOTSET' || mode === '') return explicitPads(node, spatial.length);
  return samePads(spatial, window, oddSide(mode));
}

/** Where SAME_UPPER and SAME_LOWER put the odd one. */
export const oddSide = (mode: string): 'begin' | 'end' => (mode === 'SAME_UPPER' ? 'end' : 'begin');

/** `pads` lists all begins, then all ends. */
export function explicitPads(node: OnnxNode, rank: number): Pads {
  const pads = node.ints('pads') ?? new Array<number>(2 * rank).fill(0);
  if (pads.length !== 2 * rank) throw broken(node, `its pads are ${pads.join()}`);
  return Array.from({ length: rank }, (_, s) => [pads[s]!, pads[s + rank]!]);
}
