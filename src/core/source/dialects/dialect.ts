// What a dialect is: which calls construct layers, and where their arguments stand. One file a dialect; registry.ts
// lists them.

import type { SourceLanguage } from '../callSite.ts';
import type { Call, CallArgument } from '../syntax/syntax.ts';

export interface Dialect {
  /** `keras`, `tfjs`. */
  readonly id: string;
  readonly languages: readonly SourceLanguage[];
  /** A text without it holds no call of this dialect: most files of a workspace are not parsed at all. */
  readonly mentioned: RegExp;
  /** The class a path constructs: `['keras', 'layers', 'Dense']`. undefined: not a layer. */
  layer(path: readonly string[]): LayerConstructor | undefined;
  /** Is it a call that collects layers (`Sequential`)? */
  container(path: readonly string[]): boolean;
}

export interface LayerConstructor {
  /** In Keras terms. */
  readonly className: string;
  /** `layers.add([a, b])`: constructs the layer and applies it; the first argument holds its inputs. */
  readonly applies: boolean;
  /** Arguments by Keras keyword; those that have none come without key. */
  arguments(call: Call): LayerArguments;
}

export interface LayerArguments {
  readonly list: readonly CallArgument[];
  /** More may be passed than the text shows. */
  readonly open: boolean;
}
