// Walks the calls of a model: models used as layers are opened, shared layers keep their weights, and behind an
// unsupported layer the rest is still looked at.

import { BitLensError } from '../../errors.ts';
import type { Shape } from '../../ir/graph.ts';
import { callOrder, type CallOf } from './callOrder.ts';
import { configOf } from './config.ts';
import { damaged } from './damaged.ts';
import { emit, weightOf, type GraphBuilder, type Place } from './graphBuilder.ts';
import { inputShape } from './inputShape.ts';
import { kindOf } from './layerKinds.ts';
import { INPUT_LAYER, type KerasModel, type KerasSource, type TensorRef } from './model.ts';
import { isRefusal, type Scope, type Tensor } from './scope.ts';
import { issueOf, report, type Issues } from './unsupported.ts';

export interface Walk {
  readonly source: KerasSource;
  readonly builder: GraphBuilder;
  /** Input shapes of the user. */
  readonly given: readonly Shape[] | undefined;
  readonly issues: Issues;
  /** Calls that may still be made. */
  readonly calls: { left: number };
}

/** Undefined stands for what comes out of an unsupported layer. */
type Maybe = Tensor | undefined;

/**
 * @param path names of the models around this one and its own; empty for the outermost
 * @param incoming what the model is called on; undefined for the outermost model, whose inputs become nodes
 */
export function walkModel(
  walk: Walk,
  model: KerasModel,
  path: readonly string[],
  incoming: readonly Maybe[] | undefined,
): { inputs: readonly Maybe[]; outputs: readonly Maybe[] } {
  const { file } = walk.source;
  const [expected, found] = [model.inputs.length, incoming?.length ?? model.inputs.length];
  if (expected !== found)
    throw damaged([
      '{0}: model {1} has {2} inputs, but is called on {3} tensors.',
      file,
      model.name,
      expected,
      found,
    ]);
  const results = new Map<string, readonly Maybe[]>();
  const resultOf = (ref: TensorRef): Maybe => {
    const tensors = results.get(`${ref.call} ${ref.layer}`)!;
    if (ref.tensor < tensors.length) return tensors[ref.tensor];
    throw damaged(['{0}: layer {1} has no output {2}.', file, ref.layer, ref.tensor]);
  };
  const places = new Map(model.inputs.map((ref, place) => [ref.layer, place]));
  for (const call of callOrder(model, file)) {
    const place: Place = { path: [...path, call.layer.name], layer: call.layer };
    const input = places.get(call.layer.name);
    if ((call.layer.className === INPUT_LAYER) !== (input !== undefined))
      throw configOf(call.layer, walk.source).wrong('does not fit the list of inputs of its model');
    const made =
      input === undefined
        ? runCall(walk, place, operandsOf(call, resultOf))
        : [incoming ? incoming[input] : networkInput(walk, place, input)];
    results.set(`${call.call} ${call.layer.name}`, made);
  }
  return { inputs: model.inputs.map(resultOf), outputs: model.outputs.map(resultOf) };
}

function operandsOf(
  { layer, call }: CallOf,
  resultOf: (ref: TensorRef) => Maybe,
): readonly (Maybe | number)[] {
  return layer.calls[call]!.map((argument) => (typeof argument === 'number' ? argument : resultOf(argument)));
}

function networkInput({ builder, source, given }: Walk, { path, layer }: Place, input: number): Tensor {
  const shape = inputShape(source.file, layer, given?.[input]);
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent > 0))
    throw configOf(layer, source).wrong(`has the shape ${shape.join('×')}`);
  // `shape` is what the source code says: keras.Input(shape=(28, 28, 1)).
  const config = { ...layer.config, shape };
  return emit(builder, { path, layer: { ...layer, config } }, { kind: 'input' }, [], shape);
}

function runCall(walk: Walk, place: Place, operands: readonly (Maybe | number)[]): readonly Maybe[] {
  const { builder, source, issues } = walk;
  const { layer, path } = place;
  if (walk.calls.left-- === 0)
    throw new BitLensError(
      'unsupported',
      ['{0} makes too many calls of layers.', source.file],
      ['Save a smaller part of the model.'],
    );
  if (layer.model) {
    const tensors = operands.filter((operand) => typeof operand !== 'number');
    return walkModel(walk, layer.model, path, tensors).outputs;
  }
  const known = operands.filter((operand) => operand !== undefined);
  const kind = kindOf(layer);
  if (!kind || known.length < operands.length || issueOf(issues, path)) return [undefined];
  const scope: Scope = {
    config: configOf(layer, source),
    operands: known,
    emit: (op, inputs, shape) => emit(builder, place, op, inputs, shape),
    weight: (name, shape, options) => weightOf(builder, place, { name, shape, trainable: true, ...options }),
    skip: (name, shape, options) =>
      void weightOf(builder, place, { name, shape, trainable: false, needed: false, ...options }),
  };
  const built = kind.build(scope);
  if (!isRefusal(built)) return [built];
  report(issues, place, built.refused);
  return [undefined];
}
