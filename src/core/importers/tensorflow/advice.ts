// What is said of ops without a row: how to do without them, where there is a way.

import { NO_ROW } from '../unsupported.ts';

/** Families of ops with a way around them. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^(Enter|Exit|NextIteration|LoopCond)$/,
    'a loop of TensorFlow 1 (build recurrent layers with unroll=True)',
  ],
  [
    /^(While|TensorList|TensorArray)/,
    'a loop (build recurrent layers with unroll=True, or open the Keras model)',
  ],
  [/^Random|^Stateless(Random|Truncated)|Dropout/, 'random numbers (save the model for inference)'],
  [/String|Regex|Decode|HashTable|LookupTable|Parse/, 'it handles text or files (save the part behind it)'],
  [/NonMaxSuppression/, 'it selects boxes (save the network up to the boxes and scores)'],
];

export const adviceFor = (op: string): string => ADVICE.find(([family]) => family.test(op))?.[1] ?? NO_ROW;
