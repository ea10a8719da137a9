// Where a number comes from, in words: `csynth, 39 dense layers … (calibrated; error: ±50 %)`.

import type { Basis, CostName } from '../../core/cost/costs.ts';
import type { CandidateLayer, Result } from '../../core/result.ts';
import type { Translate } from './translate.ts';

/** Costs that no FPGA is needed for: their basis is not what a table of resources is about. */
const WITHOUT_HARDWARE: readonly CostName[] = ['bops', 'bits', 'energy'];

export function basisText({ kind, source, error }: Basis, t: Translate): string {
  return error === undefined
    ? t('{0} ({1})', source, kindText(kind, t))
    : t('{0} ({1}; error: {2})', source, kindText(kind, t), error);
}

/** What the LUT, DSP … of a layer rest on; empty for a layer without such figures. */
export function hardwareBasisText(result: Result, layer: CandidateLayer, t: Translate): string {
  const others = WITHOUT_HARDWARE.map((name) => result.costBasis[name]?.source);
  return layer.basis
    .flatMap((index) => result.bases[index] ?? [])
    .filter(({ source }) => !others.includes(source))
    .map((basis) => basisText(basis, t))
    .join('; ');
}

function kindText(kind: Basis['kind'], t: Translate): string {
  switch (kind) {
    case 'formula':
      return t('formula');
    case 'calibrated':
      return t('calibrated');
    case 'measured':
      return t('measured');
  }
}
