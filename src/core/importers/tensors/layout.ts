// TensorFlow counts the axes of images as [n, …space, channels], the tensor builder as [n, channels, …space]. Transposing
// renumbers axes and costs nothing.

import { transpose } from './shape.ts';
import type { TensorGraph } from './tensorGraph.ts';
import type { Tensor } from './tensor.ts';

const spatial = (x: Tensor): readonly number[] => x.shape.map((_, axis) => axis).slice(2);

export const toChannelsFirst = (g: TensorGraph, x: Tensor): Tensor =>
  transpose(g, x, [0, x.shape.length - 1, ...spatial(x).map((axis) => axis - 1)]);

export const toChannelsLast = (g: TensorGraph, x: Tensor): Tensor => transpose(g, x, [0, ...spatial(x), 1]);
