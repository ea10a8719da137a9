// The tensors of a file of weights, as `bitlens inspect` prints them.

import { say } from '../core/errors.ts';
import type { TensorListing } from '../core/importers/importer.ts';
import { printShape } from '../core/ir/graph.ts';
import { formatNumber, formatTable } from './table.ts';

export function printTensors({ name, format, tensors, metadata, notes, advice }: TensorListing): string {
  const columns = [
    { title: 'Tensor' },
    { title: 'Type' },
    { title: 'Shape', align: 'right' as const },
    { title: 'Elements', align: 'right' as const },
    { title: 'Bytes', align: 'right' as const },
    { title: 'Min', align: 'right' as const },
    { title: 'Max', align: 'right' as const },
  ];
  const rows = tensors.map((tensor) => [
    tensor.name,
    tensor.dtype,
    printShape(tensor.shape),
    formatNumber(tensor.elements),
    formatNumber(tensor.bytes),
    formatNumber(tensor.range?.[0]),
    formatNumber(tensor.range?.[1]),
  ]);
  const sum = (of: 'elements' | 'bytes'): string =>
    formatNumber(tensors.reduce((total, tensor) => total + tensor[of], 0));
  const total = ['Total', '', '', sum('elements'), sum('bytes'), '', ''];
  return [
    `${name} (${format})\n`,
    ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`),
    formatTable(columns, [...rows, total]),
    ...notes.map(say),
    '\nThe file holds no network that BitLens can run. To analyse the network, export it from Python:',
    ...advice.map((line) => `  ${say(line)}`),
  ].join('\n');
}
