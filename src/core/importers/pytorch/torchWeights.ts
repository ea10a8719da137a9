// Files of torch.save (.pt, .pth, .bin, .ckpt): state dicts, checkpoints and pickled modules. They hold weights, and at
// most code for the network; so their tensors are listed, and opening them says how to export the network.

import { BitLensError, type Sentence } from '../../errors.ts';
import { startsWith } from '../bytes.ts';
import { isZip, listZip } from '../../zip/zipDirectory.ts';
import type { ByteSource, Importer } from '../importer.ts';
import { withoutGraph } from './advice.ts';
import type { Collected } from './weights/collect.ts';
import { listingOf } from './weights/listing.ts';
import { LEGACY_HEAD, readTorchLegacy } from './weights/torchLegacy.ts';
import { PICKLE, readTorchZip, rootOf } from './weights/torchZip.ts';

export const torchWeights: Importer = {
  id: 'torch-weights',
  title: 'PyTorch weights (.pt, .pth; listed by inspect)',
  extensions: ['.pth', '.pt', '.ckpt'],
  async match(head, source) {
    if (startsWith(head, LEGACY_HEAD)) return true;
    if (!isZip(head)) return false;
    const entries = await listZip(source).catch(() => []);
    return rootOf(entries, PICKLE) !== undefined;
  },
  async open(source) {
    const { tensors, module } = await contentsOf(source);
    throw withoutGraph(
      module === undefined
        ? ['{0} holds {1} tensors of weights and no network.', source.name, tensors.length]
        : [
            '{0} is a pickled {1}: its network is Python code, which BitLens does not run.',
            source.name,
            module,
          ],
    );
  },
  async list(source) {
    const contents = await contentsOf(source);
    const { tensors, metadata } = contents;
    const form = startsWith(await headOf(source), LEGACY_HEAD) ? 'before PyTorch 1.6' : 'zip';
    return listingOf({
      name: source.name,
      format: `PyTorch weights (${form})`,
      tensors,
      metadata,
      notes: notesOn(contents),
    });
  },
};

const headOf = (source: ByteSource): Promise<Uint8Array> =>
  source.read(0, Math.min(LEGACY_HEAD.length, source.size));

async function contentsOf(source: ByteSource): Promise<Collected> {
  const head = await headOf(source);
  if (startsWith(head, LEGACY_HEAD)) return readTorchLegacy(source);
  if (isZip(head)) return readTorchZip(source);
  throw new BitLensError(
    'bad-file',
    [
      '{0} is not what torch.save writes: neither a zip archive nor the form before PyTorch 1.6.',
      source.name,
    ],
    ['Load it with PyTorch and save it again with torch.save(model.state_dict(), "weights.pth").'],
  );
}

function notesOn({ module, part, others }: Collected): readonly Sentence[] {
  const notes: Sentence[] = [];
  if (module !== undefined)
    notes.push(['It is a pickled {0}: its network is Python code, which is not executed.', module]);
  if (part !== undefined) notes.push(['The tensors are those of “{0}”.', part]);
  if (others > 0) notes.push(['{0} more tensors in other parts are not listed.', others]);
  return notes;
}
