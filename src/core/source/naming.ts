// The names frameworks give to layers that the code does not name. A counter per class runs through the whole process,
// in the order of construction: a file may start at `conv2d_7`, but sorted by number its layers stand as in the code.
// Keras: keras/src/utils/naming.py; TF.js: tfjs-layers/src/backend/state.ts and engine/topology.ts.

/** `MaxPooling2D` -> `max_pooling2d`, `LeakyReLU` -> `leaky_re_lu`. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

const NUMBER = /^(0|[1-9]\d{0,8})$/;

function numberAfter(prefix: string, name: string): number | undefined {
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return NUMBER.test(rest) ? Number(rest) : undefined;
}

/**
 * Place of a layer in the order of construction within its class when the framework made up its name; undefined when
 * the name was chosen. `dense` is 0 and `dense_2` is 2 (there is no `dense_0`), `dense_Dense1` is 1 (TF.js),
 * `input_1` and `input1` are 1.
 */
export function automaticNumber(name: string, className: string): number | undefined {
  const family = snakeCase(className);
  if (name === family) return 0;
  const counted = [
    numberAfter(`${family}_`, name),
    numberAfter(`${family}_${className}`, name),
    className === 'InputLayer' ? (numberAfter('input_', name) ?? numberAfter('input', name)) : undefined,
  ].find((number) => number !== undefined);
  if (counted !== undefined) return counted > 0 ? counted : undefined;
  // The input a Sequential model makes for its first layer: `conv2d_1_input`. It has no call of its own.
  return className === 'InputLayer' && name.endsWith('_input') ? 0 : undefined;
}
