// Files of weights in the safetensors format.

import type { Importer } from '../importer.ts';
import { withoutGraph } from './advice.ts';
import { listingOf } from './weights/listing.ts';
import { looksLikeSafetensors, readSafetensors } from './weights/safetensors.ts';

export const safetensors: Importer = {
  id: 'safetensors',
  title: 'safetensors (.safetensors; listed by inspect)',
  extensions: ['.safetensors'],
  match: (head, source) => looksLikeSafetensors(head, source.size),
  async open(source) {
    const { tensors } = await readSafetensors(source);
    throw withoutGraph(['{0} holds {1} tensors of weights and no network.', source.name, tensors.length]);
  },
  async list(source) {
    const { tensors, metadata } = await readSafetensors(source);
    return listingOf({ name: source.name, format: 'safetensors', tensors, metadata, notes: [] });
  },
};
