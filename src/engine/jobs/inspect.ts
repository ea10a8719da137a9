// What a model holds, without running it.

import { summarizeLayers, summarizeSlots } from '../../core/ir/summarize.ts';
import type { InspectResult, ModelRef } from '../../protocol/engine.ts';
import { loadModel } from '../loadModel.ts';

export async function inspect({ model }: { readonly model: ModelRef }): Promise<InspectResult> {
  const { prepared } = await loadModel(model);
  const { original } = prepared;
  const layers = summarizeLayers(prepared);
  return {
    name: original.name,
    framework: original.framework,
    layers,
    slots: summarizeSlots(prepared),
    inputs: original.inputs.map((id) => {
      const node = original.nodes[id]!;
      return { name: original.layers[node.layer]!.name, shape: node.shape };
    }),
    totals: {
      parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
      macs: layers.reduce((sum, layer) => sum + layer.macs, 0),
    },
  };
}
