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
