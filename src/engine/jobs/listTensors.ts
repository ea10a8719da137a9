// What a file of weights without a network holds.

import type { TensorListing } from '../../core/importers/importer.ts';
import { listTensors } from '../../core/importers/registry.ts';
import type { ModelRef } from '../../protocol/engine.ts';
import { openFile } from '../fileSource.ts';

export async function listTensorsOf({ model }: { readonly model: ModelRef }): Promise<TensorListing | null> {
  return (await listTensors(await openFile(model.path))) ?? null;
}
