// Layers that cannot be imported are collected over the whole model and told in one error.

import { BitLensError, type Sentence } from '../../errors.ts';
import { isObject } from '../../jsonObject.ts';
import type { Config } from './config.ts';
import type { Place } from './graphBuilder.ts';
import { kindOf } from './layerKinds.ts';
import type { KerasLayer } from './model.ts';

export interface Issue {
  /** `outer/inner` */
  readonly layer: string;
  readonly className: string;
  readonly reason: string;
}

/** By path as JSON. */
export type Issues = Map<string, Issue>;

export function report(issues: Issues, { path, layer }: Place, reason: string): void {
  issues.set(JSON.stringify(path), { layer: path.join('/'), className: layer.className, reason });
}

export const issueOf = (issues: Issues, path: readonly string[]): Issue | undefined =>
  issues.get(JSON.stringify(path));

/** What stands against a layer, as far as its configuration tells. */
export function reasonAgainst(layer: KerasLayer, config: Config): string | undefined {
  const kind = kindOf(layer);
  if (!kind) return reasonOfClass(layer);
  if (config.raw('data_format') === 'channels_first') return 'data_format "channels_first"';
  const dtype = config.raw('dtype');
  const policy = isObject(dtype) && typeof dtype['class_name'] === 'string' ? dtype['class_name'] : '';
  if (policy.startsWith('Quantized')) return 'weights stored in a quantized dtype';
  return kind.check?.(config)?.refused;
}

const QKERAS = /^Q([A-Z]|$)/;
const TFMOT = /^(Quantize|ClusterWeights)/;
const HGQ = /^H[A-Z]/;
const RECURRENT = /LSTM|GRU|RNN/;

function reasonOfClass({ className, module, registeredName }: KerasLayer): string {
  const name = className.replace(/^.*>/, '');
  if (QKERAS.test(name)) return 'not a QKeras layer that BitLens runs';
  if (TFMOT.test(name)) return 'wrappers of the TensorFlow Model Optimization Toolkit';
  if (/^hgq/i.test(module) || (HGQ.test(name) && registeredName !== ''))
    return 'HGQ layers carry quantizers of their own';
  if (name === 'Lambda') return 'a Lambda is Python code';
  if (RECURRENT.test(name)) return 'recurrent layers';
  return 'not a layer that BitLens runs';
}

/**
 * The one error for all of them, grouped by reason.
 * @param file for the message
 */
export function unsupportedError(file: string, issues: readonly Issue[]): BitLensError {
  const byReason = new Map<string, string[]>();
  for (const { layer, className, reason } of issues)
    byReason.set(reason, [...(byReason.get(reason) ?? []), `${layer} (${className})`]);
  const list = [...byReason].map(([reason, layers]) => `${reason}: ${layers.join(', ')}`).join('; ');
  return new BitLensError(
    'unsupported',
    ['{0} cannot be imported because of some of its layers. {1}.', file, list],
    hintFor(issues),
  );
}

function hintFor(issues: readonly Issue[]): Sentence {
  const reasons = issues.map((issue) => issue.reason).join('\n');
  if (/QKeras|HGQ|quantized dtype/.test(reasons))
    return ['Open the float model that it was made from: BitLens searches the bit-widths itself.'];
  if (reasons.includes('Model Optimization'))
    return [
      'Open the float model, or remove the wrappers with strip_pruning or strip_clustering and save it again.',
    ];
  if (reasons.includes('channels_first')) return ['Save the model with data_format="channels_last".'];
  return ['Replace these layers by supported ones, or save the part of the model without them.'];
}
