// Does with a model all that opening it in BitLens does, short of running it: what any file whatsoever must withstand.

import assert from 'node:assert/strict';
import { BitLensError, type ErrorKind } from '../../../../src/core/errors.ts';
import { listTensors, openModel } from '../../../../src/core/importers/registry.ts';
import { weightsOf } from '../../../../src/core/ir/opFacts.ts';
import { prepare } from '../../../../src/core/ir/prepare.ts';
import { summarizeLayers, summarizeSlots } from '../../../../src/core/ir/summarize.ts';
import { sourcesOf, type ModelFiles } from './files.ts';

const EXPECTED: readonly ErrorKind[] = ['bad-file', 'unsupported', 'missing-weights', 'needs-input-shape'];

/** `opened`, or the error that the file was refused with. Throws an AssertionError for any error that says too little. */
export async function attempt(model: ModelFiles): Promise<'opened' | BitLensError> {
  try {
    await openWhole(model);
    return 'opened';
  } catch (error) {
    assert.ok(BitLensError.is(error), `${String(error)}\n${error instanceof Error ? error.stack : ''}`);
    assert.ok(EXPECTED.includes(error.kind), `${error.kind}: ${error.message}\n${error.stack}`);
    const names = [...model.parts.keys()].flatMap((part) => [part, part.slice(part.lastIndexOf('/') + 1)]);
    assert.ok(
      names.some((name) => error.message.includes(name)),
      `names no file: ${error.message}\n${error.stack}`,
    );
    assert.ok(error.hint, `has no hint: ${error.message}\n${error.stack}`);
    return error;
  }
}

async function openWhole(model: ModelFiles): Promise<void> {
  const { source, weights } = sourcesOf(model);
  const listing = await listTensors(source);
  if (listing) {
    for (const { shape, elements } of listing.tensors)
      assert.ok(elements >= 0 && shape.every(Number.isSafeInteger));
    return;
  }
  const graph = await openModel(source, { weights });
  for (const { op } of graph.nodes)
    for (const weight of weightsOf(op)) {
      const count = weight.shape.reduce((product, extent) => product * extent, 1);
      assert.equal(weight.read().length, count, `${weight.name} of ${weight.shape.join('×')}`);
      if (weight.latent) assert.equal(weight.latent().length, count, weight.name);
    }
  for (const float of [false, true]) {
    const prepared = prepare(graph, float);
    for (const layer of summarizeLayers(prepared))
      assert.ok(Number.isFinite(layer.macs) && layer.parameters >= 0);
    summarizeSlots(prepared);
  }
}
