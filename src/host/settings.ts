// The user's settings, read with their types checked: a value that package.json does not allow counts as not set.

import * as vscode from 'vscode';
import { COSTS, type CostName } from '../core/cost/costs.ts';
import { PARTS } from '../core/cost/parts.ts';
import type { QuantizeSettings } from '../core/result.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';

const SECTION = 'bitlens';

const get = (name: string): unknown => vscode.workspace.getConfiguration(SECTION).get<unknown>(name);

export const SETTINGS = {
  codeLens: 'codeLens.enabled',
  hover: 'hover.enabled',
  family: 'quantization.family',
  perChannel: 'quantization.perChannel',
  weightBits: 'quantization.weightBits',
  activationBits: 'quantization.activationBits',
  strategy: 'search.strategy',
  objective: 'search.objective',
  maxDrop: 'search.maxDrop',
  seed: 'search.seed',
  part: 'target.part',
  reuse: 'target.reuseFactor',
  clock: 'target.clockPeriod',
} as const;

export function isEnabled(name: 'codeLens' | 'hover'): boolean {
  return get(SETTINGS[name]) !== false;
}

export async function setCodeLens(enabled: boolean): Promise<void> {
  const target = vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration(SECTION).update(SETTINGS.codeLens, enabled, target);
}

export function affectsViews(event: vscode.ConfigurationChangeEvent): boolean {
  return [SETTINGS.codeLens, SETTINGS.hover].some((name) => event.affectsConfiguration(`${SECTION}.${name}`));
}

/** What a run does when the user presses Enter. */
export function quantizeSettings(): QuantizeSettings {
  return {
    ...DEFAULT_SETTINGS,
    family: oneOf(get(SETTINGS.family), ['fixed', 'int', 'int-asymmetric'], DEFAULT_SETTINGS.family),
    perChannel: get(SETTINGS.perChannel) !== false,
    weightBits: widths(get(SETTINGS.weightBits), DEFAULT_SETTINGS.weightBits),
    activationBits: widths(get(SETTINGS.activationBits), DEFAULT_SETTINGS.activationBits),
    strategy: oneOf(get(SETTINGS.strategy), ['amp', 'amp+dp'], DEFAULT_SETTINGS.strategy),
    objective: oneOf<CostName>(
      get(SETTINGS.objective),
      COSTS.map(({ id }) => id),
      DEFAULT_SETTINGS.objective,
    ),
    maxDrop: positive(get(SETTINGS.maxDrop), 0.01),
    seed: positive(get(SETTINGS.seed), DEFAULT_SETTINGS.seed),
    part: oneOf(
      get(SETTINGS.part),
      PARTS.map(({ id }) => id),
      DEFAULT_SETTINGS.part,
    ),
    reuse: positive(get(SETTINGS.reuse), DEFAULT_SETTINGS.reuse),
    clockNs: positive(get(SETTINGS.clock), DEFAULT_SETTINGS.clockNs),
  };
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], fallback: T): T {
  return allowed.find((one) => one === value) ?? fallback;
}

function positive(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : fallback;
}

/** Widest first, each once. */
function widths(value: unknown, fallback: readonly number[]): readonly number[] {
  if (!Array.isArray(value)) return fallback;
  const bits = value.filter((one): one is number => Number.isInteger(one) && one >= 1 && one <= 16);
  return bits.length === 0 ? fallback : [...new Set(bits)].sort((a, b) => b - a);
}
