// The model and data a benchmark works on: the digits example, or those named after the benchmark:
//   npm run bench -- NAME MODEL DATA [--labels FILE] [--limit N]

import path from 'node:path';
import { parseArgs } from 'node:util';
import type { QuantizeSettings } from '../../src/core/result.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { startBackend } from '../../src/engine/backend/backend.ts';
import type { RunParams } from '../../src/protocol/engine.ts';

export interface Subject {
  /** `digits.keras`, for the head of a table. */
  readonly title: string;
  /** Was it named on the command line? */
  readonly given: boolean;
  readonly params: RunParams;
}

const DIGITS = 'examples/digits';

/** The digits example first; then what was given. */
export async function subjects(settings: Partial<QuantizeSettings> = {}): Promise<readonly Subject[]> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { labels: { type: 'string' }, limit: { type: 'string' } },
  });
  console.log(await startBackend(path.resolve('dist')));
  const merged = { ...DEFAULT_SETTINGS, ...settings };
  const digits: Subject = {
    title: 'digits.keras',
    given: false,
    params: {
      model: { path: path.resolve(DIGITS, 'digits.keras') },
      calibration: { path: path.resolve(DIGITS, 'calibration.npz') },
      evaluation: { path: path.resolve(DIGITS, 'test.npz') },
      settings: merged,
    },
  };
  const [model, data] = positionals;
  if (model === undefined) return [digits];
  if (data === undefined) throw new Error('Name the data after the model.');
  const calibration = {
    path: path.resolve(data),
    labels: values.labels === undefined ? undefined : path.resolve(values.labels),
    limit: values.limit === undefined ? undefined : Number(values.limit),
  };
  const params = { model: { path: path.resolve(model) }, calibration, settings: merged };
  return [digits, { title: path.basename(model), given: true, params }];
}
