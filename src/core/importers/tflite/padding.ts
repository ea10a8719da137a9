// Padding of sliding windows as the format codes it.

import type { Pads } from '../../ir/ops.ts';
import { samePads, type Window } from '../tensors/window.ts';

/** The other code is VALID: no padding. */
export const SAME = 0;

/** @param extents of the image that the window moves over */
export const padsOf = (padding: number, extents: readonly number[], window: Window): Pads =>
  padding === SAME ? samePads(extents, window) : extents.map(() => [0, 0]);
