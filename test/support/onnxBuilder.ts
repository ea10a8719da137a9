// Writes ONNX models in memory, field by field: what no exporter would write is what importers must withstand.

function bytes(parts: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value: number): number[] {
  const coded: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return [...coded, Number(rest)];
    coded.push(Number(rest & 127n) + 128);
  }
}

/** A field: a number as varint, a text or bytes with its length. */
export function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return bytes([varint(number * 8), varint(value)]);
  const content = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return bytes([varint(number * 8 + 2), varint(content.length), content]);
}

/** What stands before a field of so many bytes. */
export const fieldHead = (number: number, length: number): Uint8Array =>
  bytes([varint(number * 8 + 2), varint(length)]);

export const message = (...fields: readonly Uint8Array[]): Uint8Array => bytes(fields);

export const packedVarints = (values: readonly number[]): Uint8Array => bytes(values.map(varint));

export const float32 = (values: readonly number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

/** A tensor of floats, as raw bytes unless other content is given. */
export function tensor(
  name: string,
  dims: readonly number[],
  values: readonly number[] | Uint8Array,
  dataType = 1,
): Uint8Array {
  const content = values instanceof Uint8Array ? values : field(9, float32(values));
  return message(...dims.map((extent) => field(1, extent)), field(2, dataType), content, field(8, name));
}

/** A value with its extents: a number, or null or a text for an open one. */
export function value(name: string, dims: readonly (number | string | null)[], dataType = 1): Uint8Array {
  const shape = dims.map((extent) =>
    field(1, extent === null ? message() : field(typeof extent === 'number' ? 1 : 2, extent)),
  );
  return message(
    field(1, name),
    field(2, field(1, message(field(1, dataType), field(2, message(...shape))))),
  );
}

export interface NodeText {
  readonly op: string;
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: readonly Uint8Array[];
}

export const node = ({
  op,
  in: inputs,
  out,
  name = '',
  domain = '',
  attributes = [],
}: NodeText): Uint8Array =>
  message(
    ...inputs.map((input) => field(1, input)),
    ...out.map((output) => field(2, output)),
    field(3, name),
    field(4, op),
    ...attributes.map((attribute) => field(5, attribute)),
    field(7, domain),
  );

export const intAttribute = (name: string, number: number): Uint8Array =>
  message(field(1, name), field(3, number), field(20, 2));

export interface ModelText {
  readonly nodes: readonly (NodeText | Uint8Array)[];
  readonly inputs: readonly Uint8Array[];
  readonly outputs: readonly string[];
  readonly outputShape?: readonly (number | null)[];
  readonly initializers?: readonly Uint8Array[];
  readonly opset?: number;
  readonly functions?: readonly Uint8Array[];
  readonly domains?: readonly string[];
  readonly irVersion?: number;
}

export function onnxModel(model: ModelText): Uint8Array {
  const {
    nodes,
    inputs,
    outputs,
    outputShape,
    initializers = [],
    opset = 17,
    functions = [],
    domains = [],
  } = model;
  const graph = message(
    ...nodes.map((item) => field(1, item instanceof Uint8Array ? item : node(item))),
    field(2, 'net'),
    ...initializers.map((item) => field(5, item)),
    ...inputs.map((item) => field(11, item)),
    ...outputs.map((name) => field(12, value(name, outputShape ?? []))),
  );
  return message(
    field(1, model.irVersion ?? 8),
    field(2, 'test'),
    field(7, graph),
    field(8, message(field(1, ''), field(2, opset))),
    ...domains.map((domain) => field(8, message(field(1, domain), field(2, 1)))),
    ...functions.map((item) => field(25, item)),
  );
}
