// A tensor of a file's graph while it is imported. Frameworks that describe a network by tensor operations (ONNX, TFLite,
// GraphDef, ExportedProgram) count axes in their own order, batch axis included; the IR is channels-last without it.
// So a tensor remembers which of its axes each axis of its node is: a transposition, a squeeze or a channels-first
// convention costs nothing until an op needs another arrangement (arrange.ts).

import type { NodeId, Shape, Weight } from '../../ir/graph.ts';
import type { StoredType } from '../elementTypes.ts';

/** Only what changes the meaning of an op: integers divide without rest, and truncate when cast. Values run as float32. */
export type ElementType = 'float' | 'int' | 'bool';

/** A value that is known without running the network: a parameter, a shape, an index list. */
export interface Constant {
  readonly kind: 'constant';
  /** Extents as the framework counts them. */
  readonly shape: Shape;
  readonly type: ElementType;
  readonly weight: Weight;
  /** How the file stores the values: `int8`. Says which codes a quantizer has. */
  readonly stored?: StoredType | undefined;
  /** Values in double precision: exact for the integers that shapes and indices are made of. */
  numbers(): readonly number[];
}

/** A value computed by a node from the network's inputs. */
export interface Computed {
  readonly kind: 'computed';
  /** Extents as the framework counts them, the batch axis with extent 1. */
  readonly shape: Shape;
  readonly type: ElementType;
  readonly node: NodeId;
  /** The axis of `shape` that each axis of the node's tensor is; axes that are missing here have extent 1. */
  readonly axes: readonly number[];
}

/** What an op that cannot be imported gives: every op that reads it is skipped, so that one pass finds all of them. */
export interface Unknown {
  readonly kind: 'unknown';
}

export type Tensor = Constant | Computed;
