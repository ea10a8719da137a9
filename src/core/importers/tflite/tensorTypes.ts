// The data types of TensorFlow Lite by their number in the file.

import type { StoredType } from '../elementTypes.ts';

/** Names as the format has them, for messages. */
const NAMES = [
  'FLOAT32',
  'FLOAT16',
  'INT32',
  'UINT8',
  'INT64',
  'STRING',
  'BOOL',
  'INT16',
  'COMPLEX64',
  'INT8',
  'FLOAT64',
  'COMPLEX128',
  'UINT64',
  'RESOURCE',
  'VARIANT',
  'UINT32',
  'UINT16',
  'INT4',
  'BFLOAT16',
] as const;

export const typeName = (type: number): string => NAMES[type] ?? `type ${type}`;

/** How values of a type are stored; undefined for what is no number. */
export function storedType(type: number): StoredType | undefined {
  switch (NAMES[type]) {
    case 'FLOAT32':
      return 'float32';
    case 'FLOAT16':
      return 'float16';
    case 'BFLOAT16':
      return 'bfloat16';
    case 'FLOAT64':
      return 'float64';
    case 'INT4':
      return 'int4';
    case 'INT8':
      return 'int8';
    case 'UINT8':
      return 'uint8';
    case 'INT16':
      return 'int16';
    case 'UINT16':
      return 'uint16';
    case 'INT32':
      return 'int32';
    case 'UINT32':
      return 'uint32';
    case 'INT64':
      return 'int64';
    case 'UINT64':
      return 'uint64';
    case 'BOOL':
      return 'bool';
    default:
      return undefined;
  }
}
