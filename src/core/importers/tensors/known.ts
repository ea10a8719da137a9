// What may be computed from constants while a file is read: a few bytes can ask for a tensor of any size (ConstantOfShape,
// Expand, Tile), and for a chain of operations on it as long as the file. Importers pass the results of every op
// through here; sound models compute a few values for each that they store.

import { elements } from '../../ir/graph.ts';
import { notSupported } from './errors.ts';
import type { Constant, Tensor, Unknown } from './tensor.ts';
import type { TensorGraph } from './tensorGraph.ts';

/** Values that any file may have computed: positions, masks. */
const FREE = 2 ** 23;
/** For each value that the file stores. */
const PER_STORED = 16;
/** Values are computed when they are asked for, each from its operands: a chain longer than this is computed link by link. */
const MAX_DEPTH = 64;

export interface Known {
  /** Values that may still be computed. */
  left: number;
  /** Operations between a constant and what the file stores. */
  readonly depths: WeakMap<Constant, number>;
}

export const nothingKnown = (): Known => ({ left: FREE, depths: new WeakMap() });

/**
 * The results of an op, each constant among them accounted for once.
 * @throws `unsupported` when the file asks for more values than a sound one does
 */
export function settled(
  g: TensorGraph,
  operands: Iterable<Tensor | Unknown | undefined>,
  results: readonly Tensor[],
): readonly Tensor[] {
  const { known } = g;
  let depth = 0;
  for (const operand of operands) {
    if (operand?.kind !== 'constant') continue;
    const own = known.depths.get(operand);
    if (own === undefined) stored(g, operand);
    else depth = Math.max(depth, own);
  }
  return results.map((result) =>
    result.kind !== 'constant' || known.depths.has(result) ? result : made(g, result, depth + 1),
  );
}

/** The file stores so many values: as many more may be computed from them. */
export function grant({ known }: TensorGraph, values: number): void {
  known.left += PER_STORED * values;
}

/** For values that an op computes from constants on the way to its result. @throws as {@link settled} */
export function spend(g: TensorGraph, values: number): void {
  g.known.left -= values;
  if (!(g.known.left >= 0)) throw notSupported(g, ['it computes more constant values than BitLens does']);
}

function stored(g: TensorGraph, operand: Constant): void {
  grant(g, elements(operand.shape));
  g.known.depths.set(operand, 0);
}

function made(g: TensorGraph, result: Constant, depth: number): Constant {
  spend(g, elements(result.shape));
  const { known } = g;
  const kept = depth < MAX_DEPTH ? result : computed(result);
  known.depths.set(kept, depth < MAX_DEPTH ? depth : 0);
  return kept;
}

/** The same with its values at hand. */
function computed(constant: Constant): Constant {
  const { weight } = constant;
  const numbers = constant.numbers();
  const values = weight.read();
  const latent = weight.latent?.();
  return {
    ...constant,
    numbers: () => numbers,
    weight: { ...weight, read: () => values, ...(latent ? { latent: () => latent } : {}) },
  };
}
