// Every row of the op table has a case with the numbers of a framework (test/engine/onnxOps.test.ts runs them).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activationRows } from '../../../src/core/importers/onnx/ops/activations.ts';
import { attentionRows } from '../../../src/core/importers/onnx/ops/attention.ts';
import { constantRows } from '../../../src/core/importers/onnx/ops/constants.ts';
import { controlRows } from '../../../src/core/importers/onnx/ops/control.ts';
import { convolutionRows } from '../../../src/core/importers/onnx/ops/convolution.ts';
import { elementwiseRows } from '../../../src/core/importers/onnx/ops/elementwise.ts';
import { indexingRows } from '../../../src/core/importers/onnx/ops/indexing.ts';
import { linearRows } from '../../../src/core/importers/onnx/ops/linear.ts';
import { microsoftRows } from '../../../src/core/importers/onnx/ops/microsoft.ts';
import { normalizationRows } from '../../../src/core/importers/onnx/ops/normalization.ts';
import { poolingRows } from '../../../src/core/importers/onnx/ops/pooling.ts';
import { recurrentRows } from '../../../src/core/importers/onnx/ops/recurrent.ts';
import { reductionRows } from '../../../src/core/importers/onnx/ops/reduction.ts';
import { resizeRows } from '../../../src/core/importers/onnx/ops/resize.ts';
import { shapeRows } from '../../../src/core/importers/onnx/ops/shape.ts';
import { slicingRows } from '../../../src/core/importers/onnx/ops/slicing.ts';
import { onnxCases } from './onnxCases.ts';

const TABLE = {
  elementwise: elementwiseRows,
  activations: activationRows,
  convolutions: { ...convolutionRows, ...poolingRows },
  linear: linearRows,
  normalizations: normalizationRows,
  reductions: reductionRows,
  shapes: shapeRows,
  slicings: slicingRows,
  indexing: indexingRows,
  constants: constantRows,
  resizing: resizeRows,
  recurrent: recurrentRows,
  control: controlRows,
  attention: attentionRows,
  microsoft: microsoftRows,
};

test('every operator has a case', () => {
  const covered = new Set(Object.keys(TABLE).flatMap((family) => onnxCases(family).map(({ op }) => op)));
  const missing = Object.values(TABLE).flatMap((rows) => Object.keys(rows).filter((op) => !covered.has(op)));
  // Another name of RMSNormalization, which the onnxruntime of the fixtures knows only inside fused graphs.
  assert.deepEqual(missing, ['SimplifiedLayerNormalization']);
});
