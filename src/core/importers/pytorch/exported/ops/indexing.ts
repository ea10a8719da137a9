// Values by index.

import { notSupported } from '../../../tensors/errors.ts';
import { gather, gatherElements } from '../../../tensors/gather.ts';
import { constant } from '../../../tensors/constants.ts';
import type { Tensor } from '../../../tensors/tensor.ts';
import { isObject } from '../../../../jsonObject.ts';
import { axis, number, optionalNumber, subject, tensor, type Call, type OpFunction } from '../call.ts';

/** x[:, :, index]: of several index tensors torch would make a grid, which is not read. */
const index: OpFunction = (c) => {
  const list = c.node.inputs.get('indices')?.value;
  const given = Array.isArray(list) ? list.map(referenceOf) : [];
  const at = given.findIndex((name) => name !== undefined);
  if (at < 0 || given.some((name, i) => name !== undefined && i !== at))
    throw notSupported(c.g, [
      'with {0} lists of indices.',
      given.filter((name) => name !== undefined).length,
    ]);
  const value = c.values.get(given[at]!);
  if (value === undefined || typeof value === 'number' || value.kind === 'unknown')
    throw notSupported(c.g, ['without usable indices.']);
  if (value.type === 'bool') throw notSupported(c.g, ['with a mask.']);
  return gather(c.g, subject(c), value, at);
};

function referenceOf(reference: unknown): string | undefined {
  if (!isObject(reference)) return undefined;
  const inner = isObject(reference['as_tensor']) ? reference['as_tensor'] : reference;
  return typeof inner['name'] === 'string' ? inner['name'] : undefined;
}

const indexSelect: OpFunction = (c) => {
  const x = subject(c);
  return gather(c.g, x, tensor(c, 'index'), axis(c, 'dim', x.shape.length));
};

/** The lower or upper triangle of a known matrix, the rest 0. */
const triangle =
  (keeps: (row: number, column: number, diagonal: number) => boolean): OpFunction =>
  (c) => {
    const x = known(c);
    const diagonal = optionalNumber(c, 'diagonal') ?? 0;
    const [rows, columns] = x.shape.slice(-2) as [number, number];
    return constant(x.weight.name, x.shape, x.type, () =>
      x.numbers().map((value, i) => {
        const column = i % columns;
        return keeps(Math.floor(i / columns) % rows, column, diagonal) ? value : 0;
      }),
    );
  };

function known(c: Call) {
  const x: Tensor = subject(c);
  if (x.kind === 'constant' && x.shape.length >= 2) return x;
  throw notSupported(c.g, ['of a tensor that is computed from the input of the network.']);
}

export const INDEXING: Readonly<Record<string, OpFunction>> = {
  'aten.embedding': (c) => gather(c.g, tensor(c, 'weight'), tensor(c, 'indices'), 0),
  'aten.index_select': indexSelect,
  'aten.index': index,
  'aten.gather': (c) => {
    const x = subject(c);
    return gatherElements(c.g, x, tensor(c, 'index'), axis(c, 'dim', x.shape.length));
  },
  'aten.tril': triangle((row, column, diagonal) => column - row <= diagonal),
  'aten.triu': triangle((row, column, diagonal) => column - row >= diagonal),
  // A number of the program out of a tensor.
  'aten.item': (c) => number(c, 'self'),
  'aten._local_scalar_dense': (c) => number(c, 'self'),
};
