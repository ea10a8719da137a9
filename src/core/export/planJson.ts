// The formats of one candidate: what `bitlens evaluate --plan` and `bitlens estimate --plan` read.

import { printPlan } from '../plan.ts';
import type { Exporter } from './exporter.ts';

export const planJson: Exporter = {
  id: 'plan',
  title: 'Plan: a format for every slot (JSON)',
  fileName: 'plan.json',
  export: (result, candidate) => printPlan(result.model.file, candidate.plan, result.settings.range),
};
