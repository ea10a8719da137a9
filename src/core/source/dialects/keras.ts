// Keras in Python: keras, tf.keras, tf_keras, whatever name the file imports it under.

import type { Call } from '../syntax/syntax.ts';
import { canonicalClass, LAYER_CLASSES } from '../layerClasses.ts';
import type { Dialect, LayerArguments, LayerConstructor } from './dialect.ts';

/** Functions of keras.layers that construct a merging layer and apply it. */
const APPLIED = new Map(
  'Add Subtract Multiply Average Maximum Minimum Concatenate Dot'
    .split(' ')
    .map((className) => [className.toLowerCase(), className]),
);

export const keras: Dialect = {
  id: 'keras',
  languages: ['python'],
  mentioned: /keras/,
  layer: constructorOf,
  container: (path) => inKeras(path) && path.at(-1) === 'Sequential',
};

const inKeras = (path: readonly string[]): boolean =>
  path.some((part) => part === 'keras' || part === 'tf_keras');

function constructorOf(path: readonly string[]): LayerConstructor | undefined {
  const name = path.at(-1) ?? '';
  const packages = path.slice(0, -1);
  if (!inKeras(packages)) return undefined;
  // `keras.Input` is the one constructor outside of keras.layers.
  if (!packages.includes('layers') && name !== 'Input') return undefined;
  const applied = /^(layers|merge|merging)$/.test(packages.at(-1) ?? '') ? APPLIED.get(name) : undefined;
  const className = applied ?? canonicalClass(name);
  const known = LAYER_CLASSES.get(className);
  return known && constructor(className, known.parameters, applied !== undefined);
}

function constructor(className: string, parameters: readonly string[], applies: boolean): LayerConstructor {
  const args = (call: Call): LayerArguments => {
    const passed = applies ? call.arguments.slice(1) : call.arguments;
    const list = passed.map(({ key, value }, at) => ({ key: key ?? parameters[at], value }));
    return { list, open: call.spread };
  };
  return { className, applies, arguments: args };
}
