// Keras's `class_name` / `config` trees (get_config of Sequential and Functional, Keras 2 and 3, TF.js) to KerasModel.

import { BitLensError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../jsonObject.ts';
import { parseCalls, parseRefs } from './calls.ts';
import { INPUT_LAYER, type Argument, type KerasLayer, type KerasModel, type TensorRef } from './model.ts';

/**
 * @param root `{class_name, config}` of the whole model
 * @throws `bad-file` when this is not a Keras model; `unsupported` for a subclassed model, which is Python code
 */
export function parseModel(root: unknown, file: string): KerasModel {
  const entry = unwrapTuples(root);
  if (!isObject(entry) || typeof entry['class_name'] !== 'string')
    throw notModel(file, 'it has no class_name');
  const layer = parseLayer(entry, file, 'model');
  if (!layer.model)
    throw new BitLensError(
      'unsupported',
      ['{0} holds a {1}, whose layers are Python code and not stored in the file.', file, layer.className],
      ['Build the network with keras.Sequential or the functional API and save it again.'],
    );
  return layer.model;
}

const notModel = (file: string, why: string) =>
  new BitLensError(
    'bad-file',
    ['{0} is not a Keras model: {1}.', file, why],
    ['Save it with model.save("name.keras") or model.to_json().'],
  );

/** TensorFlow 2.3 wrote tuples as `{class_name: "__tuple__", items: […]}`. */
function unwrapTuples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapTuples);
  if (!isObject(value)) return value;
  if (value['class_name'] === '__tuple__' && Array.isArray(value['items']))
    return value['items'].map(unwrapTuples);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapTuples(inner)]));
}

function parseLayer(entry: JsonObject, file: string, fallbackName: string): KerasLayer {
  const className = entry['class_name'];
  if (typeof className !== 'string') throw notModel(file, `${fallbackName} has no class_name`);
  const config = isObject(entry['config']) ? entry['config'] : {};
  const name = [config['name'], entry['name']].find((known) => typeof known === 'string') ?? fallbackName;
  const calls = parseCalls(entry['inbound_nodes'], (why) => notModel(file, `layer ${name} ${why}`));
  return {
    name,
    className,
    config,
    module: typeof entry['module'] === 'string' ? entry['module'] : '',
    registeredName: typeof entry['registered_name'] === 'string' ? entry['registered_name'] : '',
    calls,
    model: parseInner(entry, name, file),
  };
}

function parseInner(entry: JsonObject, name: string, file: string): KerasModel | undefined {
  // Keras 2.2 and older wrote the config of Sequential as a bare list of layers.
  const config = entry['config'];
  const list: unknown = Array.isArray(config) ? config : isObject(config) ? config['layers'] : undefined;
  if (!Array.isArray(list)) return undefined;
  const layers = list.map((inner, at) => {
    if (!isObject(inner)) throw notModel(file, `entry ${at} of the layers of ${name} is not an object`);
    return parseLayer(inner, file, `layer_${at}`);
  });
  const seen = new Set<string>();
  const twice = layers.find((layer) => seen.size === seen.add(layer.name).size);
  if (twice) throw notModel(file, `${name} has two layers named ${twice.name}`);
  if (layers.length === 0) throw notModel(file, `${name} has no layers`);
  if (!isObject(config) || config['input_layers'] === undefined)
    return chain(name, layers, isObject(config) ? config['build_input_shape'] : undefined);
  const complain = (why: string) => notModel(file, `model ${name} ${why}`);
  return alignCalls({
    name,
    layers,
    inputs: parseRefs(config['input_layers'], complain),
    outputs: parseRefs(config['output_layers'], complain),
  });
}

/** A sequential model as calls; one without an input layer gets the one Keras would name `<first layer>_input`. */
function chain(name: string, stored: readonly KerasLayer[], buildShape: unknown): KerasModel {
  const layers =
    stored[0]!.className === INPUT_LAYER ? stored : [impliedInput(stored[0]!, buildShape), ...stored];
  const refs: readonly TensorRef[] = layers.map((layer) => ({ layer: layer.name, call: 0, tensor: 0 }));
  return {
    name,
    layers: layers.map((layer, at) => ({ ...layer, calls: at === 0 ? [] : [[refs[at - 1]!]] })),
    inputs: [refs[0]!],
    outputs: [refs.at(-1)!],
  };
}

function impliedInput(first: KerasLayer, buildShape: unknown): KerasLayer {
  const inner = first.model?.layers.find((layer) => layer.name === first.model?.inputs[0]?.layer);
  const known = inner?.config ?? first.config;
  const shape = known['batch_input_shape'] ?? known['batch_shape'] ?? buildShape;
  return {
    name: `${first.name}_input`,
    className: INPUT_LAYER,
    config: { batch_input_shape: shape },
    module: '',
    registeredName: '',
    calls: [],
  };
}

/**
 * Keras 2 counts the call that made a nested model as its call 0 but does not store it, so references to such a
 * layer start at 1. All stored calls are referred to, so a reference beyond the last one gives the offset away.
 */
function alignCalls(model: KerasModel): KerasModel {
  const offset = new Map<string, number>();
  const everyRef = [
    ...model.layers.flatMap((layer) => layer.calls.flat()),
    ...model.inputs,
    ...model.outputs,
  ];
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  for (const ref of everyRef) {
    if (typeof ref === 'number') continue;
    const layer = byName.get(ref.layer);
    if (layer?.model && ref.call >= layer.calls.length) offset.set(ref.layer, 1);
  }
  if (offset.size === 0) return model;
  const shift = (ref: TensorRef): TensorRef => ({ ...ref, call: ref.call - (offset.get(ref.layer) ?? 0) });
  const shiftCall = (call: readonly Argument[]) =>
    call.map((ref) => (typeof ref === 'number' ? ref : shift(ref)));
  return {
    ...model,
    layers: model.layers.map((layer) => ({ ...layer, calls: layer.calls.map(shiftCall) })),
    inputs: model.inputs.map(shift),
    outputs: model.outputs.map(shift),
  };
}
