// From a GraphDef and its signature to our graph: inputs are made, the outputs interpreted, and what could not be read told.

import { BitLensError } from '../../errors.ts';
import type { Graph } from '../../ir/graph.ts';
import type { OpenOptions } from '../importer.ts';
import { inputShapes } from '../inputShape.ts';
import { finish } from '../tensors/finish.ts';
import { addInput, tensorGraph } from '../tensors/tensorGraph.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import { unsupportedError } from '../unsupported.ts';
import { dataTypeOf } from './dataTypes.ts';
import type { GraphDef, Nodes } from './graphDef.ts';
import { evaluate, type Interpreter } from './interpret.ts';
import { layerNames } from './layerNames.ts';
import { parseReference } from './order.ts';
import { oneSample, type Signature } from './signature.ts';
import { isTensor, type Value } from './values.ts';

export interface GraphParts {
  readonly file: string;
  readonly graph: GraphDef;
  readonly signature: Signature;
  /** `TensorFlow 2.15.0` */
  readonly framework: string;
  readonly stored?: ((node: string) => Constant | undefined) | undefined;
  readonly variable: (name: string) => Constant;
  /** Values of nodes other than the inputs. */
  readonly given?: ReadonlyMap<string, Value> | undefined;
  /** Nodes other than those of the main graph: the body of a function. */
  readonly nodes?: Nodes | undefined;
}

/** @throws BitLensError of the kinds that an importer's `open` names */
export function buildGraph(parts: GraphParts, options: OpenOptions): Graph {
  const { file, graph, signature } = parts;
  const g = tensorGraph(file);
  const layers = layerNames(g);
  const run: Interpreter = {
    g,
    graph,
    layers,
    issues: [],
    stored: parts.stored,
    variable: parts.variable,
    steps: 0,
  };
  const given = new Map(parts.given);
  const shapes = inputShapes(file, signature.inputs.map(oneSample), options.inputShapes);
  for (const [at, input] of signature.inputs.entries()) {
    const type = dataTypeOf(input.dtype)?.type ?? 'float';
    given.set(parseReference(input.reference).node, addInput(g, input.name, shapes[at]!, type));
  }
  const frame = { nodes: parts.nodes ?? graph.nodes, given, scope: '', depth: 0 };
  const values = evaluate(run, frame, signature.outputs);
  if (run.issues.length > 0) throw unsupportedError(file, run.issues, layers.readable);
  const outputs = values.map((value, at): Tensor => {
    if (isTensor(value)) return value;
    throw new BitLensError(
      'unsupported',
      ['{0}: its output {1} is no tensor.', file, signature.outputs[at] ?? at],
      ['Save the model with a signature that gives tensors.'],
    );
  });
  return finish(g, outputs, { name: nameOf(file), framework: parts.framework });
}

const nameOf = (file: string): string => file.replace(/\.[^.]*$/, '');
