// Operations of exported programs that BitLens reads. To add one: a row in a table of this folder.

import type { OpFunction } from '../call.ts';
import { CREATION } from './creation.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { INDEXING } from './indexing.ts';
import { LINEAR } from './linear.ts';
import { MOVING } from './moving.ts';
import { NORMALIZATION } from './normalization.ts';
import { POOLING } from './pooling.ts';
import { QUANTIZATION } from './quantization.ts';
import { RECURRENT } from './recurrent.ts';
import { REDUCTION } from './reduction.ts';
import { SHAPE } from './shape.ts';
import { SYMBOLS } from './symbols.ts';

const OPS: ReadonlyMap<string, OpFunction> = new Map(
  [
    CREATION,
    ELEMENTWISE,
    INDEXING,
    LINEAR,
    MOVING,
    NORMALIZATION,
    POOLING,
    QUANTIZATION,
    RECURRENT,
    REDUCTION,
    SHAPE,
    SYMBOLS,
  ].flatMap((table) => Object.entries(table)),
);

/**
 * @param target `aten.max.dim`: rows may name the overload, most serve all of them. What ends in _ writes its first operand
 * and gives it.
 */
export function opOf(target: string): OpFunction | undefined {
  const [library = '', name = '', overload] = target.split('.');
  const own = name.endsWith('_') && !name.startsWith('_') ? name.slice(0, -1) : name;
  return (
    (overload === undefined ? undefined : OPS.get(`${library}.${own}.${overload}`)) ??
    OPS.get(`${library}.${own}`)
  );
}
