// All search strategies.

import { amp } from './amp.ts';
import { ampDp } from './ampDp.ts';
import type { Strategy } from './strategy.ts';

export const STRATEGIES: readonly Strategy[] = [amp, ampDp];
