// What scanning a source file yields: the calls that may construct layers, and later the links to layers.

import type { Setting } from '../ir/graph.ts';

export type SourceLanguage = 'python' | 'javascript' | 'typescript';

/** Offsets in UTF-16 code units, end exclusive. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** An argument as far as the text says: a literal, or unknown (a variable, a computed value, **kwargs). */
export type Argument = { readonly literal: Setting } | { readonly unknown: true };

/** A call that constructs a layer. */
export interface CallSite {
  /** Class in Keras terms: `Conv2D` for `layers.Conv2D(...)` and for `tf.layers.conv2d({...})`. */
  readonly className: string;
  readonly positional: readonly Argument[];
  /** Keras spelling of the keys: `kernel_size` for TF.js's `kernelSize`. */
  readonly keywords: Readonly<Record<string, Argument>>;
  /** The whole call, callee to closing bracket. */
  readonly range: TextRange;
  /** The callee: where lens and hover sit. */
  readonly calleeRange: TextRange;
  /** Innermost function, class or branch the call stands in; alignment chooses one scope. `''` is the module. */
  readonly scope: string;
  /** Inside a loop or comprehension: may construct several layers. */
  readonly repeated: boolean;
  /** More arguments may be passed than the text shows (`**kwargs`): one that is missing need not have its default. */
  readonly open?: boolean;
  /** All ways on which the call is reached. Left out: one, from its scope, in the order of the text. */
  readonly occurrences?: readonly Occurrence[];
}

/** One way on which a call is reached: by running a function from its start, or by a function that calls it. */
export interface Occurrence {
  /** The function that runs; `''` is the module. Alignment chooses one. */
  readonly root: string;
  /** Rank in the order in which the root constructs its layers. */
  readonly order: number;
  /** Arms of branches that must be taken to get there. */
  readonly arms: readonly ArmChoice[];
  /** On this way the call is inside a loop, a comprehension or a function called from one. */
  readonly repeated: boolean;
  /** Arguments where they say more than the text of the call, because a function was called with literals. */
  readonly keywords?: Readonly<Record<string, Argument>>;
  /** The Sequential or list that takes the layer; absent where it is not told. */
  readonly container?: string;
}

/** A condition on the way: one of these arms of a branch is taken. */
export interface ArmChoice {
  /** Unique within the root. */
  readonly branch: string;
  readonly taken: readonly number[];
  /** How many arms there are, a missing `else` counted. */
  readonly of: number;
}

export type Confidence = 'exact' | 'likely' | 'ambiguous';

/** A layer of a model tied to the call that constructs it. */
export interface Link {
  /** Layer id of the model. */
  readonly layer: string;
  readonly site: CallSite;
  readonly confidence: Confidence;
  /** For the hover: `name='conv1'`, `third Conv2D of 4, filters and kernel agree`. */
  readonly evidence: string;
}
