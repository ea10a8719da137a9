// The quantizers in the configuration of a QKeras layer: those of its parameters, and its activation.

import { BitLensError, say } from '../../../errors.ts';
import { qkerasFunction, qkerasQuantizer } from '../../../quantizers/qkeras/registry.ts';
import { wholeOf, type QkerasFunction, type Step } from '../../../quantizers/qkeras/qkerasFunction.ts';
import type { Quantizer } from '../../../quantizers/quantizer.ts';
import { activationOf, type ActivationLike } from '../activations.ts';
import type { Config } from '../config.ts';
import { isRefusal, refuse, type Refusal, type Scope, type Tensor } from '../scope.ts';

/** Key of the configuration that quantizes a parameter. */
export interface QuantizerKey {
  readonly key: string;
  /** QKeras' layers give the quantizers of their kernels a factor (`auto_po2`) where the file names none. */
  readonly trained: boolean;
  /** Where the file says nothing at all. */
  readonly fallback?: string | undefined;
}

/** Undefined where the file has no quantizer. */
export function quantizerAt(
  config: Config,
  { key, trained, fallback }: QuantizerKey,
): Quantizer | Refusal | undefined {
  const value = config.raw(key) === undefined ? fallback : config.raw(key);
  if (value === undefined || value === null) return undefined;
  return understood(() => wholeOf(qkerasQuantizer(value, trained)));
}

/** QKeras' own functions go before Keras' of the same name. */
export function activationAt(config: Config): QkerasFunction | ActivationLike | Refusal {
  const value = config.raw('activation');
  if (value === undefined || value === null) return activationOf(undefined, config.keras);
  const found = understood(() => qkerasFunction(value) ?? null);
  return found ?? activationOf(value, config.keras);
}

/** A spelling that cannot be understood is a reason against the layer, not an error of its own. */
function understood<T extends object | null>(make: () => T): T | Refusal {
  try {
    return make();
  } catch (error) {
    if (BitLensError.is(error, 'unsupported')) return refuse(say(error.what));
    throw error;
  }
}

/** What stands against the quantizers and the activation of a layer. */
export function checkQuantizers(config: Config, keys: readonly QuantizerKey[]): Refusal | undefined {
  const found = [...keys.map((key) => quantizerAt(config, key)), activationAt(config)];
  return found.find((entry): entry is Refusal => entry !== undefined && isRefusal(entry));
}

/** Adds the activation of a QKeras layer: its real functions and its roundings as ops of their own. */
export function activateQuantized(scope: Scope, tensor: Tensor): Tensor | Refusal {
  const found = activationAt(scope.config);
  if (isRefusal(found)) return found;
  if ('steps' in found) return found.steps.reduce((x, step) => emitStep(scope, step, x), tensor);
  return found.kind === 'identity' ? tensor : scope.emit(found, [tensor], tensor.shape);
}

function emitStep(scope: Scope, step: Step, x: Tensor): Tensor {
  if (step.kind !== 'affine') return scope.emit(step, [x], x.shape);
  const constant = (role: 'scale' | 'offset') => ({
    name: `${scope.config.name}/${role}`,
    shape: [],
    read: () => Float32Array.of(step[role]),
  });
  return scope.emit({ kind: 'affine', scale: constant('scale'), offset: constant('offset') }, [x], x.shape);
}
