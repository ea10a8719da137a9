// ExportedProgram archives (.pt2, torch.export.save): the network as a graph of aten operations, with its weights.

import { isZip, listZip } from '../../zip/zipDirectory.ts';
import type { Importer } from '../importer.ts';
import { ARCHIVE_FORMAT, OLD_PROGRAM, openExported } from './exported/archive.ts';
import { buildGraph } from './exported/walk.ts';
import { rootOf } from './weights/torchZip.ts';

export const pt2: Importer = {
  id: 'pt2',
  title: 'PyTorch ExportedProgram (.pt2)',
  extensions: ['.pt2'],
  async match(head, source) {
    if (!isZip(head)) return false;
    const entries = await listZip(source).catch(() => []);
    return [OLD_PROGRAM, ARCHIVE_FORMAT].some((name) => rootOf(entries, name) !== undefined);
  },
  open: async (source, { inputShapes }) => buildGraph(await openExported(source), inputShapes),
};
