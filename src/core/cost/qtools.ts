// Energy per inference in pJ after QTools (Coelho et al., arXiv 2006.10159; google/qkeras HEAD, qtools), 45 nm.
// Fed by the view of a plan; one of the models of registry.ts. The parts are in qtools/.

import type { Basis, NodeCosts } from './costs.ts';
import type { DescribedModel } from './describedModel.ts';
import { countedEnergy, layerEnergy, type EnergyOptions } from './qtools/layer.ts';
import { sumCosts } from './totals.ts';

/** The set-up behind the energy table of the paper: everything on chip, inputs and outputs in a 128 Mbit SRAM. */
export const ON_CHIP: EnergyOptions = {
  memory: { weights: 'fixed', activations: 'fixed', minSramSize: 8 * 16 * 1024 * 1024, readWriteOnIo: false },
};

export function qtools(options: EnergyOptions = ON_CHIP): DescribedModel {
  const { weights, activations, readWriteOnIo } = options.memory;
  const io = readWriteOnIo ? 'DRAM' : 'SRAM';
  const basis: Basis = {
    kind: 'formula',
    source: `QTools (qkeras HEAD), 45 nm Horowitz; weights ${weights}, activations ${activations}, network inputs and outputs in ${io}`,
    error: 'ranks plans; not a power measurement',
  };
  return {
    id: 'qtools',
    title: 'QTools energy',
    costs: ['energy'],
    node(node, view) {
      const { op } = node;
      const isOutside = op.kind === 'input' || (op.kind === 'affine' && op.preprocessing === true);
      if (isOutside || op.kind === 'identity') return undefined;
      const energy = countedEnergy(node, layerEnergy(node, view, options));
      return energy === 0 ? undefined : { node: node.id, costs: { energy }, basis };
    },
    total: (nodes: readonly NodeCosts[]) => sumCosts(nodes, ['energy']),
    basis: () => ({ energy: basis }),
  };
}
