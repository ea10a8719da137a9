// How PyTorch and safetensors name the types that values are stored in.
// References: torch/storage.py (_dtype_to_storage_type_map), torch/_export/serde/schema.py (ScalarType), and the
// safetensors format description (README, "Format").

import type { StoredType } from '../../elementTypes.ts';

/** `torch.FloatStorage` */
export const STORAGE_TYPES: Readonly<Record<string, StoredType>> = {
  DoubleStorage: 'float64',
  FloatStorage: 'float32',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  LongStorage: 'int64',
  IntStorage: 'int32',
  ShortStorage: 'int16',
  CharStorage: 'int8',
  ByteStorage: 'uint8',
  BoolStorage: 'bool',
  QInt8Storage: 'int8',
  QUInt8Storage: 'uint8',
  QInt32Storage: 'int32',
  UntypedStorage: 'uint8',
};

/** `torch.float32` */
export const TORCH_DTYPES: Readonly<Record<string, StoredType>> = {
  float64: 'float64',
  float32: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  float8_e4m3fn: 'float8e4m3fn',
  float8_e4m3fnuz: 'float8e4m3fnuz',
  float8_e5m2: 'float8e5m2',
  float8_e5m2fnuz: 'float8e5m2fnuz',
  int64: 'int64',
  uint64: 'uint64',
  int32: 'int32',
  uint32: 'uint32',
  int16: 'int16',
  uint16: 'uint16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
};

/** The ScalarType of exported programs, by number. */
export const SCALAR_TYPES: ReadonlyMap<number, StoredType> = new Map([
  [1, 'uint8'],
  [2, 'int8'],
  [3, 'int16'],
  [4, 'int32'],
  [5, 'int64'],
  [6, 'float16'],
  [7, 'float32'],
  [8, 'float64'],
  [12, 'bool'],
  [13, 'bfloat16'],
  [28, 'uint16'],
  [29, 'float8e4m3fn'],
  [30, 'float8e5m2'],
  [31, 'float8e4m3fnuz'],
  [32, 'float8e5m2fnuz'],
  [34, 'uint32'],
  [35, 'uint64'],
]);

export const SAFETENSORS_DTYPES: Readonly<Record<string, StoredType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8e4m3fn',
  F8_E4M3FNUZ: 'float8e4m3fnuz',
  F8_E5M2: 'float8e5m2',
  F8_E5M2FNUZ: 'float8e5m2fnuz',
  I64: 'int64',
  U64: 'uint64',
  I32: 'int32',
  U32: 'uint32',
  I16: 'int16',
  U16: 'uint16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};
