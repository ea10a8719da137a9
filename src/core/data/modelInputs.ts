// What a data set must fit: the inputs of a network and the number of its classes.

import type { Graph, Shape } from '../ir/graph.ts';

export interface ModelInput {
  /** Unique: the id of the input's layer. */
  readonly id: string;
  /** As the framework wrote it. */
  readonly name: string;
  /** Without the batch axis. */
  readonly shape: Shape;
}

/** In the order of Graph.inputs. */
export function modelInputs(graph: Graph): readonly ModelInput[] {
  return graph.inputs.map((input) => {
    const { layer, shape } = graph.nodes[input]!;
    const { id, name } = graph.layers[layer]!;
    return { id, name, shape };
  });
}

/**
 * Number of classes that labels may name: the width of a single flat output, 2 for an output of one value;
 * undefined when there are several outputs or one that is not flat.
 */
export function classCount(graph: Graph): number | undefined {
  const [output, ...others] = graph.outputs.map((id) => graph.nodes[id]!.shape);
  if (!output || others.length > 0) return undefined;
  const wide = output.filter((extent) => extent !== 1);
  if (wide.length > 1) return undefined;
  return wide[0] ?? 2;
}
