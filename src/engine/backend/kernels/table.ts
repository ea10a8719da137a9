// The kernel of every op. A new op is one row here and one function in a file of its family.

import type { OpKind } from '../../../core/ir/ops.ts';
import { conv, convTranspose, depthwiseConv } from './convolutions.ts';
import { activation, affine, map, merge, prelu, softmax, where } from './elementwise.ts';
import { embedding, gather, gatherElements } from './gathering.ts';
import type { Kernel } from './kernel.ts';
import { dense, matmul } from './linear.ts';
import { concat, constant, expand, identity, pad, permute, reshape, resize, slice, tile } from './moving.ts';
import { groupNorm, layerNorm, lrn } from './normalization.ts';
import { pool } from './pooling.ts';
import { quantize } from './quantize.ts';
import { recurrence } from './recurrence.ts';
import { arg, cumulate, globalPool, reduce, topK } from './reduction.ts';

/** Inputs are given to the executor; a BatchNorm is folded or turned into an affine op before. */
export type ExecutedKind = Exclude<OpKind, 'input' | 'batchNorm'>;

export const KERNELS: { readonly [K in ExecutedKind]: Kernel<K> } = {
  dense,
  conv,
  depthwiseConv,
  convTranspose,
  matmul,
  embedding,
  recurrence,

  affine,
  activation,
  prelu,
  softmax,
  merge,
  map,
  where,
  quantize,

  pool,
  globalPool,
  reduce,
  cumulate,
  arg,
  topK,

  layerNorm,
  groupNorm,
  lrn,

  identity,
  constant,
  reshape,
  permute,
  pad,
  slice,
  resize,
  expand,
  tile,
  gather,
  gatherElements,
  concat,
};
