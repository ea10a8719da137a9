// TorchScript archives (torch.jit.save): the network is code in a language of its own, with weights beside it.
// Reference: torch/csrc/jit/docs/serialization.md (code/, constants.pkl, data.pkl).

import { isZip, listZip } from '../../zip/zipDirectory.ts';
import type { Importer } from '../importer.ts';
import { withoutGraph } from './advice.ts';
import { rootOf } from './weights/torchZip.ts';

export const torchScript: Importer = {
  id: 'torchscript',
  title: 'TorchScript (.pt; told how to export)',
  extensions: ['.torchscript', '.ptl'],
  async match(head, source) {
    if (!isZip(head)) return false;
    const entries = await listZip(source).catch(() => []);
    const root = rootOf(entries, 'constants.pkl');
    return root !== undefined && entries.some(({ name }) => name.startsWith(`${root}code/`));
  },
  open: (source) =>
    Promise.reject(
      withoutGraph([
        '{0} is a TorchScript archive: its network is code of PyTorch, which BitLens does not run.',
        source.name,
      ]),
    ),
};
