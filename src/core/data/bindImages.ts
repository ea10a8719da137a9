// Images of a folder to the input of a model: decoded and fitted when a batch asks for them, one after the other.

import { BitLensError } from '../errors.ts';
import { elements, printShape } from '../ir/graph.ts';
import { bindingNotes, checkBatch, type Binding } from './binding.ts';
import { bindLabels } from './bindLabels.ts';
import type { Dataset } from './dataset.ts';
import { decodeImage } from './decodeImage.ts';
import { coverSize, fitImage } from './fitImage.ts';
import { IMAGE_CACHE_BYTES } from './limits.ts';
import type { ModelInput } from './modelInputs.ts';
import { withChannels } from './pixels.ts';
import type { ImageData } from './rawData.ts';
import type { Extent } from './resample.ts';
import { sampleCache, type Sample } from './sampleCache.ts';

interface Target extends Extent {
  readonly channels: 1 | 3;
}

export async function bindImages(
  data: ImageData,
  inputs: readonly ModelInput[],
  binding: Binding,
): Promise<Dataset> {
  const target = imageInput(data, inputs);
  const count = data.images.length;
  const used = binding.used(count);
  const labels = await bindLabels(data, count, used, binding.classes, binding.labels);
  const read = sampleReader(data, target, binding);
  const shape = inputs[0]!.shape;
  const size = elements(shape);
  return {
    description: `${data.file}: ${count} images${labels.origin === undefined ? '' : `, ${labels.origin}`}`,
    count: used,
    shapes: [shape],
    labels: labels.values,
    notes: [...data.notes, fitNote(target, binding), ...bindingNotes(binding, count, true), ...labels.notes],
    async batch(start, length) {
      checkBatch(used, start, length);
      const out = new Float32Array(length * size);
      for (let i = 0; i < length; i++) {
        const pixels = await read(start + i);
        const to = i * size;
        for (let at = 0; at < size; at++) out[to + at] = pixels[at]! * binding.scale + binding.offset;
      }
      return [out];
    },
  };
}

/** The fitted pixels of image `index`, decoded at the first time and kept while there is room. */
function sampleReader(data: ImageData, target: Target, options: Binding) {
  const cache = sampleCache(IMAGE_CACHE_BYTES);
  return async (index: number): Promise<Sample> => {
    const known = cache.get(index);
    if (known) return known;
    const { path, open } = data.images[index]!;
    const image = withChannels(await decodeImage(await open(), `${data.file}/${path}`), target.channels);
    const pixels = fitImage(image, target, options);
    cache.keep(index, pixels);
    return pixels;
  };
}

/** @throws `bad-data` when the model does not take one image with one or three channels */
function imageInput(data: ImageData, inputs: readonly ModelInput[]): Target {
  const [input, ...others] = inputs;
  const [height, width, channels = 1, ...more] = input?.shape ?? [];
  const fits = others.length === 0 && more.length === 0 && (channels === 1 || channels === 3);
  if (fits && height !== undefined && width !== undefined) return { height, width, channels };
  const shapes = inputs.map(({ name, shape }) => `${name} ${printShape(shape)}`).join(', ');
  throw new BitLensError(
    'bad-data',
    ['{0} is a folder of images; the model takes {1}.', data.file, shapes],
    ['Images fit one input of height×width×1 or height×width×3. Save prepared samples as .npy or .npz.'],
  );
}

function fitNote(target: Target, { fit, antialias }: Binding): string {
  const to = `${target.height}×${target.width}`;
  const how = antialias ? 'bilinear, antialiased' : 'bilinear';
  const { width, height } = coverSize(target);
  return fit === 'crop'
    ? `images resized to cover ${height}×${width} (${how}), centre ${to} cut out`
    : `images resized to ${to} (${how}), proportions not kept`;
}
