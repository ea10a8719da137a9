// Third step: what to make small, how much may be lost, and on which part. The first entry is what the settings say.

import * as vscode from 'vscode';
import { COSTS, type Costs } from '../../core/cost/costs.ts';
import { PARTS } from '../../core/cost/parts.ts';
import type { QuantizeSettings } from '../../core/result.ts';
import { costTitle } from '../present/costText.ts';
import { parseBudget, parsePercent, printBudget, printPercent } from './goalText.ts';
import { pick, separator, type Answer, type Choice } from './pick.ts';

export type Goal = Pick<QuantizeSettings, 'objective' | 'maxDrop' | 'budget' | 'part'>;

type Entry = { readonly goal: Goal } | 'part' | 'maxDrop' | 'budget';

export async function pickGoal(title: string, settings: Goal): Promise<Answer<Goal>> {
  let goal = settings;
  for (;;) {
    const chosen = await pick<Entry>({
      title,
      step: 3,
      of: 3,
      placeholder: vscode.l10n.t('What to make small'),
      choices: choices(goal),
    });
    if (chosen === undefined) return undefined;
    if (typeof chosen !== 'string') return chosen.goal;
    goal = { ...goal, ...(await change(chosen, goal)) };
  }
}

function choices(goal: Goal): Choice<Entry>[] {
  const objectives = [goal.objective, ...COSTS.map(({ id }) => id).filter((id) => id !== goal.objective)];
  return [
    ...objectives.map((objective): Choice<Entry> => ({
      label: `$(target) ${vscode.l10n.t('Smallest {0}', costTitle(objective, vscode.l10n.t))}`,
      description: describe(goal),
      value: { goal: { ...goal, objective } },
    })),
    separator(vscode.l10n.t('limits')),
    { label: `$(circuit-board) ${vscode.l10n.t('Part: {0}…', goal.part)}`, value: 'part' },
    {
      label: `$(arrow-down) ${vscode.l10n.t('Accepted loss: {0}…', lossText(goal.maxDrop))}`,
      value: 'maxDrop',
    },
    { label: `$(dashboard) ${vscode.l10n.t('Budget: {0}…', budgetText(goal.budget))}`, value: 'budget' },
  ];
}

function describe({ maxDrop, budget, part }: Goal): string {
  const limits = [
    ...(maxDrop === null ? [] : [vscode.l10n.t('at most {0} lost', lossText(maxDrop))]),
    ...(Object.keys(budget).length === 0 ? [] : [budgetText(budget)]),
  ];
  return [...limits, part].join(' · ');
}

async function change(what: 'part' | 'maxDrop' | 'budget', goal: Goal): Promise<Partial<Goal>> {
  switch (what) {
    case 'part': {
      const items = PARTS.map(({ id, title, lut, dsp }) => ({
        label: id,
        description: title,
        detail: vscode.l10n.t('{0} LUT, {1} DSP', lut, dsp),
      }));
      const title = vscode.l10n.t('FPGA part');
      const part = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
      return part ? { part: part.label } : {};
    }
    case 'maxDrop': {
      const text = await vscode.window.showInputBox({
        title: vscode.l10n.t('Accepted loss of accuracy in percent'),
        prompt: vscode.l10n.t('Empty: only the budget limits'),
        value: goal.maxDrop === null ? '' : printPercent(goal.maxDrop),
        validateInput: (value) =>
          parsePercent(value) === undefined ? vscode.l10n.t('Write a number, such as 1') : undefined,
      });
      const maxDrop = text === undefined ? undefined : parsePercent(text);
      return maxDrop === undefined ? {} : { maxDrop };
    }
    case 'budget': {
      const text = await vscode.window.showInputBox({
        title: vscode.l10n.t('Budget: upper bounds on costs'),
        prompt: vscode.l10n.t('{0} – for instance lut=50000, dsp=100', COSTS.map(({ id }) => id).join(', ')),
        value: printBudget(goal.budget),
        validateInput: (value) =>
          parseBudget(value) ? undefined : vscode.l10n.t('Write for instance lut=50000, dsp=100'),
      });
      const budget = text === undefined ? undefined : parseBudget(text);
      return budget ? { budget } : {};
    }
  }
}

function lossText(maxDrop: number | null): string {
  return maxDrop === null ? vscode.l10n.t('any') : `${printPercent(maxDrop)} %`;
}

function budgetText(budget: Costs): string {
  const limits = Object.entries(budget).map(([name, bound]) => `${name} ≤ ${bound}`);
  return limits.length === 0 ? vscode.l10n.t('none') : limits.join(', ');
}
