// All dialects. To add one: a file beside this, a line here, a fixture in test/fixtures/source.

import type { Dialect } from './dialect.ts';
import { keras } from './keras.ts';
import { tfjs } from './tfjs.ts';

export const DIALECTS: readonly Dialect[] = [keras, tfjs];
