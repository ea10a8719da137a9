// The op table: operators of ONNX and the others that exporters write, by domain. To add an operator: a row in one of
// these files.

import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { activationRows } from './activations.ts';
import { attentionRows } from './attention.ts';
import { codedRows } from './coded.ts';
import { constantRows } from './constants.ts';
import { controlRows } from './control.ts';
import { convolutionRows } from './convolution.ts';
import { elementwiseRows } from './elementwise.ts';
import { indexingRows } from './indexing.ts';
import { integerRows, microsoftIntegerRows } from './integer.ts';
import { linearRows } from './linear.ts';
import { microsoftRows } from './microsoft.ts';
import { normalizationRows } from './normalization.ts';
import { poolingRows } from './pooling.ts';
import { channelsLastRows, qonnxRows } from './qonnx.ts';
import { quantizationRows } from './quantization.ts';
import { recurrentRows } from './recurrent.ts';
import { reductionRows } from './reduction.ts';
import { resizeRows } from './resize.ts';
import { shapeRows } from './shape.ts';
import { slicingRows } from './slicing.ts';

const PLAIN: OpRows = {
  ...activationRows,
  ...attentionRows,
  ...constantRows,
  ...controlRows,
  ...convolutionRows,
  ...elementwiseRows,
  ...indexingRows,
  ...integerRows,
  ...linearRows,
  ...normalizationRows,
  ...poolingRows,
  ...quantizationRows,
  ...recurrentRows,
  ...reductionRows,
  ...resizeRows,
  ...shapeRows,
  ...slicingRows,
};

const STANDARD: OpRows = { ...PLAIN, ...codedRows(PLAIN) };

const DOMAINS: ReadonlyMap<string, OpRows> = new Map([
  ['', STANDARD],
  ['com.microsoft', { ...microsoftRows, ...quantizationRows, ...microsoftIntegerRows }],
  ['onnx.brevitas', qonnxRows],
  ['qonnx.custom_op.general', qonnxRows],
  ['finn.custom_op.general', qonnxRows],
  ['qonnx.custom_op.channels_last', channelsLastRows],
]);

/** undefined for an operator that is not in the table. */
export function rowFor({ domain, op }: OnnxNode): OpRow | undefined {
  const rows = DOMAINS.get(domain);
  return rows && Object.hasOwn(rows, op) ? rows[op] : undefined;
}
