// A TensorFlow Lite file as plain data: tensors, operators and where the weights lie. Nothing of the weights is read.

import { BitLensError } from '../../errors.ts';
import type { ByteSource } from '../importer.ts';
import { builtinName } from './builtins.ts';
import { CheckedBuffer } from './checkedBuffer.ts';
import { Buffer as BufferTable, Model, type Operator, type SubGraph, type Tensor } from './schema/tflite.ts';

export interface Quantization {
  /** One, or one per entry of the axis. */
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  readonly axis: number;
}

/** Bytes of the file. */
export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface FileTensor {
  readonly name: string;
  /** As stored: the extents the file was converted with, 1 where they were open. */
  readonly shape: readonly number[];
  /** Extents that are open are -1; empty when none are. */
  readonly signature: readonly number[];
  /** Number of the data type: tensorTypes.ts. */
  readonly type: number;
  readonly quantization: Quantization | undefined;
  /** The file says how it is encoded in a way of its own. */
  readonly customQuantization: boolean;
  /** Keeps its values from one run to the next. */
  readonly variable: boolean;
  readonly sparse: boolean;
  /** Where the values lie, for parameters. */
  readonly data: Extent | undefined;
}

export interface FileOperator {
  /** `CONV_2D`, or the name of a custom operator. */
  readonly builtin: string;
  readonly custom: boolean;
  readonly version: number;
  /** Indices of tensors, -1 for operands that are left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** The table, for its options. */
  readonly table: Operator;
}

export interface FileModel {
  readonly name: string;
  readonly version: number;
  /** `MLIR Converted.` */
  readonly description: string;
  readonly tensors: readonly FileTensor[];
  readonly operators: readonly FileOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Every version since 2017 is this one. */
const VERSION = 3;
const PLACEHOLDER_CODE = 127;

/** @throws `bad-file` when the file is damaged, `unsupported` when it is of another version of the format */
export function readModel(source: ByteSource): FileModel {
  const buffer = new CheckedBuffer(source);
  const model = Model.getRootAsModel(buffer);
  const version = model.version();
  if (version !== VERSION)
    throw new BitLensError(
      'unsupported',
      ['{0} is of version {1} of the TensorFlow Lite format.', source.name, version],
      ['BitLens reads version {0}: convert the model again.', VERSION],
    );
  const main = model.subgraphs(0);
  if (model.subgraphsLength() === 0 || !main) throw damaged(source.name, 'it holds no network');
  const buffers = extents(model, buffer, source);
  const codes = operatorCodes(model);
  return {
    name: source.name,
    version,
    description: model.description() ?? '',
    tensors: list(main.tensorsLength(), (i) => readTensor(main, i, buffers, source.name)),
    operators: list(main.operatorsLength(), (i) => readOperator(main, i, codes, source.name)),
    inputs: list(main.inputsLength(), (i) => main.inputs(i) ?? -1),
    outputs: list(main.outputsLength(), (i) => main.outputs(i) ?? -1),
  };
}

const list = <T>(length: number, at: (index: number) => T): readonly T[] =>
  Array.from({ length }, (_, i) => at(i));

/** @param part what is wrong, for the message */
export function damaged(file: string, part: string): BitLensError {
  return new BitLensError(
    'bad-file',
    ['{0} is damaged: {1}.', file, part],
    ['Copy the file again, or convert the model again.'],
  );
}

/** Where the bytes of every buffer are: inside the FlatBuffer, or behind it in files of more than 2 GB. */
function extents(model: Model, bytes: CheckedBuffer, source: ByteSource): readonly (Extent | undefined)[] {
  const table = new BufferTable();
  return list(model.buffersLength(), (i) => {
    if (!model.buffers(i, table)) return undefined;
    const outside = Number(table.offset());
    const length = outside > 1 ? Number(table.size()) : table.dataLength();
    if (length === 0) return undefined;
    const offset =
      outside > 1 ? outside : bytes.vectorStart(table.bb_pos + bytes.__offset(table.bb_pos, DATA_FIELD));
    if (offset + length > source.size)
      throw damaged(source.name, `buffer ${i} ends at byte ${offset + length} of ${source.size}`);
    return { offset, length };
  });
}

/** Place of `Buffer.data` in the table's list of fields. */
const DATA_FIELD = 4;

interface Code {
  readonly builtin: string;
  readonly custom: boolean;
  readonly version: number;
}

function operatorCodes(model: Model): readonly Code[] {
  return list(model.operatorCodesLength(), (i) => {
    const code = model.operatorCodes(i)!;
    const old = code.deprecatedBuiltinCode();
    const number = old === PLACEHOLDER_CODE ? code.builtinCode() : Math.max(old, code.builtinCode());
    const builtin = builtinName(number);
    const custom = builtin === 'CUSTOM';
    return { builtin: custom ? (code.customCode() ?? 'CUSTOM') : builtin, custom, version: code.version() };
  });
}

function readOperator(graph: SubGraph, index: number, codes: readonly Code[], file: string): FileOperator {
  const table = graph.operators(index)!;
  const code = codes[table.opcodeIndex()];
  if (!code) throw damaged(file, `operator ${index} has no operator code`);
  return {
    ...code,
    inputs: list(table.inputsLength(), (i) => table.inputs(i) ?? -1),
    outputs: list(table.outputsLength(), (i) => table.outputs(i) ?? -1),
    table,
  };
}

function readTensor(
  graph: SubGraph,
  index: number,
  buffers: readonly (Extent | undefined)[],
  file: string,
): FileTensor {
  const table = graph.tensors(index)!;
  const at = table.buffer();
  if (at >= buffers.length && at !== 0)
    throw damaged(file, `tensor ${index} refers to buffer ${at}, which is not there`);
  const details = table.quantization();
  return {
    name: table.name() ?? `tensor ${index}`,
    shape: list(table.shapeLength(), (i) => table.shape(i) ?? 0),
    signature: list(table.shapeSignatureLength(), (i) => table.shapeSignature(i) ?? 0),
    type: table.type(),
    quantization: readQuantization(table),
    customQuantization: (details?.detailsKind() ?? 0) !== 0,
    variable: table.isVariable(),
    sparse: table.sparsity() !== null,
    data: buffers[at],
  };
}

function readQuantization(tensor: Tensor): Quantization | undefined {
  const table = tensor.quantization();
  if (!table) return undefined;
  const scales = list(table.scaleLength(), (i) => table.scale(i) ?? 0);
  if (scales.length === 0) return undefined;
  const zeros = list(table.zeroPointLength(), (i) => Number(table.zeroPoint(i) ?? 0n));
  return { scales, zeros: scales.map((_, i) => zeros[i] ?? zeros[0] ?? 0), axis: table.quantizedDimension() };
}
