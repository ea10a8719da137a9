// The header of a .npy file: magic, version, and a Python dictionary literal with exactly three keys, matched by
// patterns and never evaluated. Reference: numpy.lib.format, "NPY format", versions 1.0 to 3.0.

import { strFromU8 } from 'fflate';
import { BitLensError } from '../errors.ts';
import { elements } from '../ir/graph.ts';
import { ITEM_BYTES, type DType } from './values.ts';

export interface NpyHeader {
  readonly dtype: DType;
  readonly bigEndian: boolean;
  /** Column-major (`fortran_order`). */
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Offset of the first value. */
  readonly start: number;
}

/** Longest header that is looked at; NumPy writes 118 bytes for a plain array. */
export const MAX_NPY_HEADER = 64 * 1024;
const MAX_RANK = 64;

const DTYPES: Readonly<Record<string, DType>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** What the other type letters of NumPy stand for, for messages. */
const FOREIGN: Readonly<Record<string, string>> = {
  O: 'Python objects (pickle)',
  U: 'text',
  S: 'byte strings',
  a: 'byte strings',
  V: 'raw bytes',
  c: 'complex numbers',
  M: 'dates',
  m: 'time spans',
};

const damaged = (file: string, detail: string, offset: number) =>
  new BitLensError(
    'bad-file',
    ['{0} is not a readable .npy array: {1} (offset {2}).', file, detail, offset],
    ['Write it again with numpy.save.'],
  );

export function isNpy(head: Uint8Array): boolean {
  return head[0] === 0x93 && strFromU8(head.subarray(1, 6), true) === 'NUMPY';
}

/**
 * Reads the header from the first bytes of a file.
 * @param head the first bytes of the file; all of it, or at least {@link MAX_NPY_HEADER}
 * @param file for messages
 * @throws `bad-file` when damaged, `unsupported` for object, text, complex and structured arrays
 */
export function parseNpyHeader(head: Uint8Array, file: string): NpyHeader {
  if (!isNpy(head)) throw damaged(file, 'it does not begin with the bytes \\x93NUMPY', 0);
  const version = head[6] ?? 0;
  if (version < 1 || version > 3) throw damaged(file, `version ${version} is not 1, 2 or 3`, 6);
  const textStart = version === 1 ? 10 : 12;
  if (head.length < textStart) throw damaged(file, 'it ends inside the header', head.length);
  let textLength = head[8]! + 256 * head[9]!;
  if (version > 1) textLength += 65536 * (head[10]! + 256 * head[11]!);
  if (textStart + textLength > MAX_NPY_HEADER) throw damaged(file, `a header of ${textLength} bytes`, 8);
  if (textStart + textLength > head.length) throw damaged(file, 'it ends inside the header', head.length);
  const text = strFromU8(head.subarray(textStart, textStart + textLength), version < 3);
  return { ...parseDictionary(text, file, textStart), start: textStart + textLength };
}

function parseDictionary(text: string, file: string, offset: number): Omit<NpyHeader, 'start'> {
  const capture = (pattern: RegExp, key: string): string => {
    const found = pattern.exec(text);
    if (!found) throw damaged(file, `the header does not say ${key}`, offset);
    return found[1]!;
  };
  if (!/^\s*\{.*\}\s*$/s.test(text)) throw damaged(file, 'the header is not a dictionary', offset);
  const descr = capture(/'descr'\s*:\s*('[^']*'|\[)/, 'descr');
  const fortran = capture(/'fortran_order'\s*:\s*(True|False)/, 'fortran_order') === 'True';
  const tuple = capture(/'shape'\s*:\s*\(([\d\sL,]*)\)/, 'shape');
  const extents = tuple.split(',').filter((extent) => extent.trim() !== '');
  const shape = extents.map((extent) => Number(extent.trim().replace(/L$/, '')));
  if (shape.length > MAX_RANK || !shape.every(Number.isSafeInteger) || !Number.isSafeInteger(elements(shape)))
    throw damaged(file, `an impossible shape (${tuple.slice(0, 60)})`, offset);
  return { ...parseDescr(descr, file), fortran, shape };
}

function parseDescr(descr: string, file: string): Pick<NpyHeader, 'dtype' | 'bigEndian'> {
  const match = /^'([<>|=]?)([a-zA-Z])(\d*)(?:\[.*)?'$/.exec(descr);
  const dtype = match ? DTYPES[match[2]! + match[3]!] : undefined;
  if (dtype && match) return { dtype, bigEndian: match[1] === '>' && ITEM_BYTES[dtype] > 1 };
  const kind = descr === '[' ? 'records with several fields' : FOREIGN[match?.[2] ?? ''];
  throw new BitLensError(
    'unsupported',
    ['{0} holds {1}, not plain numbers.', file, kind ?? `values of type ${descr.slice(0, 40)}`],
    ['Convert it first, for example x.astype("float32"). BitLens never runs the code that a pickle holds.'],
  );
}
