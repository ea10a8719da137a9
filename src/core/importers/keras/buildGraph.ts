// From a parsed model to a graph: what cannot be imported is told before anything else, then the calls are walked.

import { BitLensError } from '../../errors.ts';
import type { Graph, Shape } from '../../ir/graph.ts';
import { configOf } from './config.ts';
import { graphBuilder, layersOf, variablesOf } from './graphBuilder.ts';
import { INPUT_LAYER, type KerasModel, type KerasSource } from './model.ts';
import { reasonAgainst, report, unsupportedError } from './unsupported.ts';
import { walkModel, type Walk } from './walk.ts';
import type { Variable } from './weights/variable.ts';

export interface BuiltModel {
  readonly graph: Graph;
  /** To be filled before the graph is used. */
  readonly variables: readonly Variable[];
}

/**
 * @param framework what wrote the file, for Graph.framework
 * @param given input shapes of the user, in the order of the model's inputs
 * @throws `unsupported` with all layers, `bad-file`, `needs-input-shape`, `bad-option`
 */
export function buildGraph(
  model: KerasModel,
  source: KerasSource,
  framework: string,
  given: readonly Shape[] | undefined,
): BuiltModel {
  if (given && given.length !== model.inputs.length)
    throw new BitLensError(
      'bad-option',
      ['{0} has {1} inputs, but {2} input shapes are given.', source.file, model.inputs.length, given.length],
      ['Give one shape per input.'],
    );
  const walk: Walk = {
    source,
    builder: graphBuilder(source),
    given,
    issues: new Map(),
    calls: { left: MAX_CALLS },
  };
  collectIssues(walk, model, []);
  const { inputs, outputs } = walkAll(walk, model);
  return {
    graph: {
      name: model.name,
      framework,
      nodes: walk.builder.nodes,
      layers: layersOf(walk.builder),
      inputs: inputs.flatMap((tensor) => (tensor ? [tensor.id] : [])),
      outputs: outputs.flatMap((tensor) => (tensor ? [tensor.id] : [])),
    },
    variables: variablesOf(walk.builder),
  };
}

/** A call inside a call inside … multiplies: a small file can ask for a huge graph. */
const MAX_CALLS = 20_000;

/** Whatever else is wrong, unsupported layers are what the user should hear of. */
function walkAll(walk: Walk, model: KerasModel) {
  const unsupported = () => unsupportedError(walk.source.file, [...walk.issues.values()]);
  try {
    const ends = walkModel(walk, model, [], undefined);
    if (walk.issues.size > 0) throw unsupported();
    return ends;
  } catch (error) {
    throw walk.issues.size > 0 ? unsupported() : error;
  }
}

function collectIssues(walk: Walk, model: KerasModel, path: readonly string[]): void {
  for (const layer of model.layers) {
    const inside = [...path, layer.name];
    if (layer.model) collectIssues(walk, layer.model, inside);
    else if (layer.className !== INPUT_LAYER) {
      const reason = reasonAgainst(layer, configOf(layer, walk.source));
      if (reason !== undefined) report(walk.issues, { path: inside, layer }, reason);
    }
  }
}
