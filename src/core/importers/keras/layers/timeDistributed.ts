// TimeDistributed around a layer that works on the last axis only: the same op on a tensor with one more axis.

import { isObject } from '../../../jsonObject.ts';
import type { Config } from '../config.ts';
import { ownedBy, refuse, type LayerKind } from '../scope.ts';

/** @param kinds the layers that may be inside, by class */
export function timeDistributed(kinds: ReadonlyMap<string, LayerKind>): LayerKind {
  const inside = (config: Config) => {
    const inner = config.raw('layer');
    if (!isObject(inner)) throw config.bad('layer');
    const className = String(inner['class_name']);
    const kind = kinds.get(className);
    if (!kind) return refuse(`distributes ${className}`);
    const values = isObject(inner['config']) ? inner['config'] : {};
    return { kind, config: config.inner(className, values) };
  };
  return {
    check(config) {
      const found = inside(config);
      return 'refused' in found ? found : found.kind.check?.(found.config);
    },
    build(scope) {
      const found = inside(scope.config);
      if ('refused' in found) return found;
      return found.kind.build({ ...ownedBy(scope, 'layer'), config: found.config });
    },
  };
}
