// Tensors out of nothing, and operations that change nothing when a network runs.

import { elements, type Shape } from '../../../../ir/graph.ts';
import { constant, scalar } from '../../../tensors/constants.ts';
import { cast } from '../../../tensors/elementwise.ts';
import { checkExtents } from '../../../tensors/tensorGraph.ts';
import type { ElementType, Tensor, Unknown } from '../../../tensors/tensor.ts';
import {
  elementType,
  number,
  optionalNumber,
  shapeArgument,
  subject,
  tensor,
  type Call,
  type OpFunction,
} from '../call.ts';

const UNKNOWN: Unknown = { kind: 'unknown' };

function filled(c: Call, shape: Shape, value: number, type: ElementType): Tensor {
  if (elements(shape) > 0) checkExtents(c.g, shape);
  return constant(c.node.name, shape, type, () => new Float32Array(elements(shape)).fill(value));
}

const sized =
  (value: (c: Call) => number, otherwise?: (c: Call) => ElementType): OpFunction =>
  (c) =>
    filled(c, shapeArgument(c, 'size'), value(c), elementType(c) ?? otherwise?.(c) ?? 'float');

const like =
  (value: (c: Call) => number): OpFunction =>
  (c) =>
    filled(c, subject(c).shape, value(c), elementType(c) ?? subject(c).type);

const zero = (): number => 0;
const one = (): number => 1;
const given = (c: Call): number => number(c, 'fill_value');
/** torch.full takes the type of the value; the file says which it was. */
const typeOfValue = (c: Call): ElementType =>
  c.node.inputs.get('fill_value')?.tag === 'as_float'
    ? 'float'
    : c.node.inputs.get('fill_value')?.tag === 'as_bool'
      ? 'bool'
      : 'int';

const arange: OpFunction = (c) => {
  const start = optionalNumber(c, 'start') ?? 0;
  const step = optionalNumber(c, 'step') ?? 1;
  const count = Math.max(0, Math.ceil((number(c, 'end') - start) / step));
  const whole = Number.isInteger(start) && Number.isInteger(step);
  checkExtents(c.g, [Math.max(1, count)]);
  return constant(c.node.name, [count], elementType(c) ?? (whole ? 'int' : 'float'), () =>
    Float64Array.from({ length: count }, (_, i) => start + i * step),
  );
};

const same: OpFunction = (c) => subject(c);

const converted: OpFunction = (c) => {
  const type = elementType(c);
  return type ? cast(c.g, subject(c), type) : subject(c);
};

export const CREATION: Readonly<Record<string, OpFunction>> = {
  'aten.zeros': sized(zero),
  'aten.ones': sized(one),
  'aten.empty': sized(zero),
  'aten.full': sized(given, typeOfValue),
  'aten.new_zeros': sized(zero, (c) => subject(c).type),
  'aten.new_ones': sized(one, (c) => subject(c).type),
  'aten.new_full': sized(given, (c) => subject(c).type),
  'aten.zeros_like': like(zero),
  'aten.ones_like': like(one),
  'aten.full_like': like(given),
  'aten.scalar_tensor': (c) => scalar(number(c, 's'), elementType(c) ?? 'float'),
  'aten.arange': arange,
  'aten.clone': same,
  'aten.contiguous': same,
  'aten.detach': same,
  'aten.alias': same,
  'aten.lift_fresh_copy': same,
  'aten.lift_fresh': same,
  'aten.positive': same,
  'aten.dropout': same,
  'aten.feature_dropout': same,
  'aten.alpha_dropout': same,
  'aten.feature_alpha_dropout': same,
  'aten.native_dropout': (c) => [subject(c), UNKNOWN],
  'aten.to': converted,
  'aten._to_copy': converted,
  'aten.type_as': (c) => cast(c.g, subject(c), tensor(c, 'other').type),
  'aten.float': (c) => cast(c.g, subject(c), 'float'),
};
