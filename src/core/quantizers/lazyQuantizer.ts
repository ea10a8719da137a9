// A quantizer whose parameters are variables of the file: it is made when it is first asked for, after the weights
// have been read.

import type { Quantizer } from './quantizer.ts';

export function lazyQuantizer(make: () => Quantizer): Quantizer {
  let made: Quantizer | undefined;
  const get = () => (made ??= make());
  return {
    get text() {
      return get().text;
    },
    get bits() {
      return get().bits;
    },
    get format() {
      return get().format;
    },
    get grid() {
      return get().grid;
    },
    apply: (values, shape) => get().apply(values, shape),
  };
}
