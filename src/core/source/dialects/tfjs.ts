// TF.js in JavaScript and TypeScript: `tf.layers.dense({ units: 10 })`. Functions take one object of options, whose
// camelCase keys are Keras' keywords.

import type { Call } from '../syntax/syntax.ts';
import { LAYER_CLASSES } from '../layerClasses.ts';
import type { Dialect, LayerArguments, LayerConstructor } from './dialect.ts';

/** Functions of tf.layers whose name is not the class with a small first letter. */
const IRREGULAR: readonly (readonly [string, string])[] = [
  ['prelu', 'PReLU'],
  ['elu', 'ELU'],
  ['lstm', 'LSTM'],
  ['gru', 'GRU'],
  ['rnn', 'RNN'],
  ['convLstm2d', 'ConvLSTM2D'],
  ...['1d', '2d', '3d'].flatMap((rank): [string, string][] => [
    [`avgPool${rank}`, `AveragePooling${rank.toUpperCase()}`],
    [`avgPooling${rank}`, `AveragePooling${rank.toUpperCase()}`],
    [`maxPool${rank}`, `MaxPooling${rank.toUpperCase()}`],
    [`globalMaxPool${rank}`, `GlobalMaxPooling${rank.toUpperCase()}`],
  ]),
];

/** Both `cropping2D` and `upSampling2d` exist: the rank is written either way. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ...[...LAYER_CLASSES.keys()].flatMap((className): [string, string][] => {
    const name = className[0]!.toLowerCase() + className.slice(1);
    return [
      [name, className],
      [name.replace(/(?<=\d)D/, 'd'), className],
    ];
  }),
  ...IRREGULAR,
]);

export const tfjs: Dialect = {
  id: 'tfjs',
  languages: ['javascript', 'typescript'],
  mentioned: /layers/,
  layer: constructorOf,
  container: (path) => inTfjs(path) && /^sequential$/i.test(path.at(-1) ?? ''),
};

/** `tf` stands for itself where a page loads TF.js by a script tag, or a file of the project exports it. */
const inTfjs = (path: readonly string[]): boolean =>
  path.includes('tf') || /(^|\/)(tfjs|tensorflow)\b/.test(path[0] ?? '');

function constructorOf(path: readonly string[]): LayerConstructor | undefined {
  const name = path.at(-1) ?? '';
  if (!inTfjs(path)) return undefined;
  if (name === 'input') return { className: 'InputLayer', applies: false, arguments: options };
  if (path.at(-2) !== 'layers') return undefined;
  const className = FUNCTIONS.get(name);
  return className === undefined ? undefined : { className, applies: false, arguments: options };
}

/** `kernelSize` -> `kernel_size`. */
const keyword = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function options(call: Call): LayerArguments {
  const [first] = call.arguments;
  if (!first) return { list: [], open: call.spread };
  if (first.value.kind !== 'object') return { list: [], open: true };
  const named = first.value.entries.filter((entry) => entry.key !== undefined);
  return {
    list: named.map(({ key, value }) => ({ key: keyword(key ?? ''), value })),
    open: named.length < first.value.entries.length,
  };
}
