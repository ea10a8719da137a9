// A cost model that also says where each of its costs comes from for the network as a whole.

import type { Basis, CostModel, CostName, CostView } from './costs.ts';

export interface DescribedModel extends CostModel {
  /** One basis per cost of the model, for totals and tables. */
  basis(view: CostView): Readonly<Partial<Record<CostName, Basis>>>;
}
