// `inbound_nodes`: how a layer is called. Keras 2 writes lists [layer, call, tensor, kwargs]; Keras 3 writes the
// arguments of the Python call, in which tensors are objects with a `keras_history`.

import type { BitLensError } from '../../errors.ts';
import { isObject } from '../../jsonObject.ts';
import type { Argument, TensorRef } from './model.ts';

type Complain = (why: string) => BitLensError;

/** Keyword arguments that hold an operand of an operator, such as `tf.math.add(x, y=1.0)`. */
const OPERANDS = new Set(['x', 'y', 'x1', 'x2']);
/** Keras 2 puts this in the place of the layer name when the first operand is a number. */
const CONSTANT = '_CONSTANT_VALUE';

/** Arguments of every call of a layer. */
export function parseCalls(nodes: unknown, complain: Complain): Argument[][] {
  if (nodes === undefined || nodes === null) return [];
  if (!Array.isArray(nodes)) throw complain('has inbound_nodes that are not a list');
  return nodes.map((node: unknown) => {
    const found: Argument[] = [];
    if (isObject(node) && ('args' in node || 'kwargs' in node))
      keras3(node['args'], node['kwargs'], found, complain);
    else keras2(node, found, complain);
    return found;
  });
}

/** `["x", 0, 0]`, a list of such, or a dictionary of such. */
export function parseRefs(value: unknown, complain: Complain): TensorRef[] {
  if (isRef(value)) return [ref(value, complain)];
  if (Array.isArray(value)) return value.flatMap((inner) => parseRefs(inner, complain));
  if (isObject(value)) return Object.values(value).flatMap((inner) => parseRefs(inner, complain));
  throw complain('names its inputs or outputs in an unknown form');
}

type RefList = readonly [layer: string, call: unknown, tensor: unknown, kwargs?: unknown];

const isRef = (value: unknown): value is RefList =>
  Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number' && value.length >= 3;

function ref([layer, call, tensor]: RefList, complain: Complain): TensorRef {
  if (!Number.isSafeInteger(call) || !Number.isSafeInteger(tensor) || Number(call) < 0 || Number(tensor) < 0)
    throw complain(`refers to call ${String(call)}, tensor ${String(tensor)} of ${layer}`);
  return { layer, call: Number(call), tensor: Number(tensor) };
}

function keras2(node: unknown, found: Argument[], complain: Complain): void {
  if (isRef(node)) {
    if (node[0] === CONSTANT) found.push(...[node[2]].filter((value) => typeof value === 'number'));
    else found.push(ref(node, complain));
    if (isObject(node[3])) keywords(node[3], found, (value) => keras2(value, found, complain));
  } else if (Array.isArray(node)) for (const inner of node) keras2(inner, found, complain);
  else if (isObject(node)) for (const inner of Object.values(node)) keras2(inner, found, complain);
}

function keras3(args: unknown, kwargs: unknown, found: Argument[], complain: Complain): void {
  for (const value of Array.isArray(args) ? args : []) {
    if (typeof value === 'number') found.push(value);
    else keras3Tensors(value, found, complain);
  }
  if (isObject(kwargs)) keywords(kwargs, found, (value) => keras3Tensors(value, found, complain));
}

function keras3Tensors(value: unknown, found: Argument[], complain: Complain): void {
  if (Array.isArray(value)) for (const inner of value) keras3Tensors(inner, found, complain);
  if (!isObject(value)) return;
  if (value['class_name'] !== '__keras_tensor__') {
    for (const inner of Object.values(value)) keras3Tensors(inner, found, complain);
    return;
  }
  const history = isObject(value['config']) ? value['config']['keras_history'] : undefined;
  if (!isRef(history)) throw complain('is called on a tensor without a history');
  found.push(ref(history, complain));
}

/** Masks come only from layers that are refused anyway; other keywords may hold tensors or operands. */
function keywords(
  kwargs: Readonly<Record<string, unknown>>,
  found: Argument[],
  tensors: (value: unknown) => void,
): void {
  for (const [key, value] of Object.entries(kwargs)) {
    if (typeof value === 'number' && OPERANDS.has(key)) found.push(value);
    else if (typeof value === 'object' && key !== 'mask') tensors(value);
  }
}
