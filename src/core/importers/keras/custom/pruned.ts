// PruneLowMagnitude of the TensorFlow Model Optimization Toolkit: the layer inside, whose kernel is stored with its mask
// applied, and variables of the pruning schedule that do nothing at inference.
// Reference: tensorflow_model_optimization/python/core/sparsity/keras/pruning_wrapper.py.

import { isObject } from '../../../jsonObject.ts';
import type { Shape } from '../../../ir/graph.ts';
import type { Config } from '../config.ts';
import { isRefusal, ownedBy, refuse, type LayerKind } from '../scope.ts';

/** Parameters that the toolkit and QKeras prune. */
const PRUNED = /kernel$/;

/** @param kinds what may be inside, by class */
export function pruned(kinds: (className: string) => LayerKind | undefined): LayerKind {
  const inside = (config: Config) => {
    const inner = config.raw('layer');
    if (!isObject(inner)) throw config.bad('layer');
    const className = String(inner['class_name']).replace(/^.*>/, '');
    const kind = kinds(className);
    if (!kind) return refuse(`prunes ${className}`);
    return { kind, config: config.inner(className, isObject(inner['config']) ? inner['config'] : {}) };
  };
  return {
    check(config) {
      const found = inside(config);
      return 'refused' in found ? found : found.kind.check?.(found.config);
    },
    build(scope) {
      const found = inside(scope.config);
      if ('refused' in found) return found;
      const masks: { readonly name: string; readonly shape: Shape }[] = [];
      const inner = ownedBy(scope, 'layer');
      const made = found.kind.build({
        ...inner,
        config: found.config,
        weight(variable, shape, options) {
          if (PRUNED.test(variable)) masks.push({ name: variable, shape });
          return inner.weight(variable, shape, options);
        },
      });
      if (isRefusal(made)) return made;
      for (const { name, shape } of masks) {
        scope.skip(`${name}/mask`, shape);
        scope.skip(`${name}/threshold`, []);
      }
      scope.skip('pruning_step', []);
      return made;
    },
  };
}
