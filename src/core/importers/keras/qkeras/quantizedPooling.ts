// QAveragePooling2D and QGlobalAveragePooling2D: the mean as a sum times a quantized 1 / area.
// Reference: qkeras/qpooling.py.

import type { Weight } from '../../../ir/graph.ts';
import { elements } from '../../../ir/graph.ts';
import { imageOf, isRefusal, type LayerKind, type Scope } from '../scope.ts';
import { spatialOf } from '../spatial.ts';
import { plain, usable } from './quantizedLayer.ts';
import { activateQuantized, checkQuantizers, quantizerAt } from './quantizers.ts';

const AVERAGE = plain('average_quantizer');

export const quantizedPooling = (kind: LayerKind, area: (scope: Scope) => number): LayerKind => ({
  check: (config) => checkQuantizers(config, [AVERAGE]) ?? kind.check?.(config),
  build(scope) {
    const pooled = kind.build(scope);
    if (isRefusal(pooled)) return pooled;
    const quantizer = usable(quantizerAt(scope.config, AVERAGE));
    if (!quantizer) return activateQuantized(scope, pooled);
    const count = area(scope);
    const factor = () => quantizer.apply(Float32Array.of(1 / count), [])[0]! * count;
    const scale: Weight = {
      name: `${scope.config.name}/average`,
      shape: [],
      quantizer,
      read: () => Float32Array.of(factor()),
      latent: () => Float32Array.of(1),
    };
    const offset: Weight = { name: `${scope.config.name}/offset`, shape: [], read: () => Float32Array.of(0) };
    return activateQuantized(scope, scope.emit({ kind: 'affine', scale, offset }, [pooled], pooled.shape));
  },
});

/** Of the window, also where padding makes it smaller. */
export const windowArea = ({ config }: Scope): number => elements(config.perAxis('pool_size', 2, 2));

export const imageArea = (scope: Scope): number => elements(spatialOf(imageOf(scope, 2).shape));
