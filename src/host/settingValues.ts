// Settings with their types checked: a value that package.json does not allow counts as not set.

import { COSTS, type CostName } from '../core/cost/costs.ts';
import { PARTS } from '../core/cost/parts.ts';
import { MAX_BITS, MIN_BITS } from '../core/quantizers/format.ts';
import type { QuantizeSettings } from '../core/result.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { SETTINGS } from './contributions.ts';

/** Ids of the registries of core, which the extension need not load for them. */
export const FAMILIES: readonly QuantizeSettings['family'][] = ['fixed', 'int', 'int-asymmetric'];
export const STRATEGIES: readonly QuantizeSettings['strategy'][] = ['amp+dp', 'amp'];

/** What a run does when the user presses Enter. `get` reads a setting by its id in {@link SETTINGS}. */
export function readQuantizeSettings(get: (id: string) => unknown): QuantizeSettings {
  const standard = DEFAULT_SETTINGS;
  const costs = COSTS.map(({ id }) => id);
  const parts = PARTS.map(({ id }) => id);
  const isCount = (value: number): boolean => Number.isSafeInteger(value);
  return {
    ...standard,
    family: oneOf(get(SETTINGS.family), FAMILIES, standard.family),
    perChannel: readFlag(get(SETTINGS.perChannel), standard.perChannel),
    weightBits: widths(get(SETTINGS.weightBits), standard.weightBits),
    activationBits: widths(get(SETTINGS.activationBits), standard.activationBits),
    strategy: oneOf(get(SETTINGS.strategy), STRATEGIES, standard.strategy),
    objective: oneOf<CostName>(get(SETTINGS.objective), costs, standard.objective),
    maxDrop: number(get(SETTINGS.maxDrop), (value) => value >= 0 && value <= 1) ?? standard.maxDrop,
    seed: number(get(SETTINGS.seed), (value) => isCount(value) && value >= 0) ?? standard.seed,
    part: oneOf(get(SETTINGS.part), parts, standard.part),
    reuse: number(get(SETTINGS.reuse), (value) => isCount(value) && value >= 1) ?? standard.reuse,
    clockNs: number(get(SETTINGS.clock), (value) => value > 0) ?? standard.clockNs,
  };
}

export function readFlag(value: unknown, fallback: boolean): boolean {
  return typeof value === 'boolean' ? value : fallback;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((one) => one === value) ?? fallback;
}

function number(value: unknown, allowed: (value: number) => boolean): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && allowed(value) ? value : undefined;
}

/** Widest first, each once; the good ones of a list that has others too. */
function widths(value: unknown, fallback: readonly number[]): readonly number[] {
  if (!Array.isArray(value)) return fallback;
  const bits = value.filter(
    (one): one is number => Number.isInteger(one) && one >= MIN_BITS && one <= MAX_BITS,
  );
  return bits.length === 0 ? fallback : [...new Set(bits)].sort((a, b) => b - a);
}
