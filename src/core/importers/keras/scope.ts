// What the translation of one kind of layer gets and gives.

import type { NodeId, Shape, Weight } from '../../ir/graph.ts';
import type { Op } from '../../ir/ops.ts';
import type { Quantizer } from '../../quantizers/quantizer.ts';
import type { Config } from './config.ts';

export interface Tensor {
  readonly id: NodeId;
  readonly shape: Shape;
}

/** Why a layer cannot be imported: half a sentence for the list of unsupported layers. */
export interface Refusal {
  readonly refused: string;
}

export const refuse = (reason: string): Refusal => ({ refused: reason });

export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}

export interface VariableOptions {
  readonly trainable?: boolean | undefined;
  /** What the file quantizes the variable with. */
  readonly quantizer?: Quantizer | undefined;
  /** Layer inside this one that owns the variable, as a path of attribute names: `batchnorm`, `forward_layer/cell`. */
  readonly within?: string | undefined;
}

/** One call of a layer. */
export interface Scope {
  readonly config: Config;
  /** What the layer is called on; constants only for operators. */
  readonly operands: readonly (Tensor | number)[];
  /**
   * A parameter, filled from the file once the whole graph is known. Variables must be asked for in the order in
   * which Keras creates them. A second call of the layer gets the same weight.
   */
  weight(variable: string, shape: Shape, options?: VariableOptions): Weight;
  /** A variable that the file holds and the graph does not need, to keep the count. */
  skip(variable: string, shape: Shape, options?: VariableOptions): void;
  /** Adds a node that the layer owns. */
  emit(op: Op, inputs: readonly Tensor[], shape: Shape): Tensor;
}

export interface LayerKind {
  /** A reason that the configuration alone gives, whatever the shapes are. */
  check?(config: Config): Refusal | undefined;
  build(scope: Scope): Tensor | Refusal;
}

/** For a layer inside this one: its variables are stored below an attribute of the outer layer. */
export function ownedBy(scope: Scope, attribute: string): Scope {
  const inside = (options: VariableOptions = {}): VariableOptions => ({
    ...options,
    within: options.within === undefined ? attribute : `${attribute}/${options.within}`,
  });
  return {
    ...scope,
    weight: (variable, shape, options) => scope.weight(variable, shape, inside(options)),
    skip: (variable, shape, options) => scope.skip(variable, shape, inside(options)),
  };
}

/** The tensors a layer is called on. */
export function tensorsOf({ operands, config }: Scope): readonly Tensor[] {
  const tensors = operands.filter((operand) => typeof operand !== 'number');
  if (tensors.length === 0) throw config.wrong('is called on nothing');
  return tensors;
}

/** The only tensor a layer is called on. */
export function inputOf(scope: Scope): Tensor {
  const tensors = tensorsOf(scope);
  if (tensors.length !== 1) throw scope.config.wrong(`is called on ${tensors.length} tensors`);
  return tensors[0]!;
}

/** The only input, with `axes` spatial axes and a channel axis. */
export function imageOf(scope: Scope, axes: number): Tensor {
  const input = inputOf(scope);
  if (input.shape.length !== axes + 1)
    throw scope.config.wrong(
      `needs an input of rank ${axes + 2} (with batch), but gets ${input.shape.length + 1}`,
    );
  return input;
}
