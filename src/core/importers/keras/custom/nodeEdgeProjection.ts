// NodeEdgeProjection of interaction networks for jets: takes every ordered pair of nodes to its receiver or sender, or
// sums edges back into nodes. The matrix that does it is in the file.
// Reference: github.com/fastmachinelearning/l1-jet-id, hls4ml/contrib/interaction_network.py; arXiv 1612.00222.

import type { Weight } from '../../../ir/graph.ts';
import { imageOf, type LayerKind } from '../scope.ts';
import { channelsOf } from '../spatial.ts';

export const nodeEdgeProjection: LayerKind = {
  build(scope) {
    const { config } = scope;
    const input = imageOf(scope, 1);
    const from = input.shape[0]!;
    const nodes = config.flag('node_to_edge', true) ? from : (Math.sqrt(4 * from + 1) + 1) / 2;
    if (!Number.isInteger(nodes)) throw config.wrong(`gets ${from} edges, which no number of nodes has`);
    const edges = nodes * (nodes - 1);
    const to = config.flag('node_to_edge', true) ? edges : nodes;
    const stored = scope.weight('adjacency_matrix', [1, to, from], { trainable: false });
    const matrix: Weight = { name: stored.name, shape: [to, from], read: () => stored.read() };
    const constant = scope.emit({ kind: 'constant', value: matrix }, [], matrix.shape);
    return scope.emit({ kind: 'matmul' }, [constant, input], [to, channelsOf(input.shape)]);
  },
};
