// The limits of a goal as the user writes them in the wizard's input boxes.

import { COSTS, type CostName, type Costs } from '../../core/cost/costs.ts';

/** A share from percent: `1`, `0.5 %`. null for an empty text, undefined for what is no share. */
export function parsePercent(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const digits = text.trim().replace(/\s*%$/, '');
  const percent = digits === '' ? NaN : Number(digits);
  return percent >= 0 && percent <= 100 ? percent / 100 : undefined;
}

/** What {@link parsePercent} reads back: `1`, without the digits that binary fractions add. */
export function printPercent(share: number): string {
  return String(Number((share * 100).toPrecision(12)));
}

/** Upper bounds: `lut=50000, dsp=100`. Empty when there are none, undefined for what is no list of bounds. */
export function parseBudget(text: string): Costs | undefined {
  const budget: Partial<Record<CostName, number>> = {};
  for (const part of text.split(/[,;]/).filter((one) => one.trim() !== '')) {
    const [name, bound, ...rest] = part.split(/=|≤|<=/).map((one) => one.trim());
    const cost = COSTS.find(({ id }) => id === name?.toLowerCase());
    const limit = Number(bound);
    const valid = bound !== undefined && bound !== '' && rest.length === 0 && limit >= 0 && limit < Infinity;
    // Of two bounds on one cost nobody knows which is meant.
    if (!cost || !valid || budget[cost.id] !== undefined) return undefined;
    budget[cost.id] = limit;
  }
  return budget;
}

export function printBudget(budget: Costs): string {
  return Object.entries(budget)
    .map(([name, bound]) => `${name}=${bound}`)
    .join(', ');
}
