// Images of a folder to the input of a model: decoded and fitted when a batch asks for them, one after the other.

import { BitLensError } from '../errors.ts';
import { elements, printShape, type Shape } from '../ir/graph.ts';
import { bindingNotes, checkBatch, type Binding } from './binding.ts';
import { bindLabels } from './bindLabels.ts';
import type { Dataset } from './dataset.ts';
import { decodeImage } from './decodeImage.ts';
import { coverSize, fitImage } from './fitImage.ts';
import { convertSamples, type ChannelPlace, type Layout } from './layout.ts';
import { IMAGE_CACHE_BYTES } from './limits.ts';
import type { ModelInput } from './modelInputs.ts';
import { withChannels } from './pixels.ts';
import type { ImageData } from './rawData.ts';
import type { Extent } from './resample.ts';
import { sampleCache, type Sample } from './sampleCache.ts';
import type { Values } from './values.ts';

interface Target extends Extent {
  readonly channels: 1 | 3;
  /** Where the model wants the channels; decoded pixels have them last. */
  readonly wanted: ChannelPlace;
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
  const how = { layout: pixelLayout(target, binding), size, scaling: binding.scaling };
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
        convertSamples(pixelValues(pixels), 0, 1, out, i * size, how);
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

const pixelValues = (data: Sample): Values =>
  data instanceof Uint8Array ? { dtype: 'uint8', data } : { dtype: 'float32', data };

/** @throws `bad-option` when scale or offset are for another number of channels */
function pixelLayout({ width, height, channels, wanted }: Target, binding: Binding): Layout | undefined {
  if (binding.channels !== undefined && binding.channels !== channels)
    throw new BitLensError(
      'bad-option',
      [
        'The preprocessing is given for {0} channels; the model takes images with {1}.',
        binding.channels,
        channels,
      ],
      ['Give one number for all channels, or as many as there are channels.'],
    );
  const asStored = channels === 1 || wanted === 'last';
  if (asStored && binding.channels === undefined) return undefined;
  return { channels, positions: width * height, stored: 'last', wanted };
}

/**
 * Channels last when the last axis can be the channels, whatever the first is.
 * @throws `bad-data` when the model does not take one image with one or three channels
 */
function imageInput(data: ImageData, inputs: readonly ModelInput[]): Target {
  const [input, ...others] = inputs;
  const target = others.length === 0 ? imageTarget(input?.shape ?? []) : undefined;
  if (target) return target;
  const shapes = inputs.map(({ name, shape }) => `${name} ${printShape(shape)}`).join(', ');
  throw new BitLensError(
    'bad-data',
    ['{0} is a folder of images; the model takes {1}.', data.file, shapes],
    [
      'Images fit one input of height×width×1 or height×width×3, also with the channels first. Save prepared samples as .npy or .npz.',
    ],
  );
}

function imageTarget(shape: Shape): Target | undefined {
  const [first, second, third = 1, ...more] = shape;
  if (first === undefined || second === undefined || more.length > 0) return undefined;
  if (isColour(third)) return { height: first, width: second, channels: third, wanted: 'last' };
  if (isColour(first)) return { height: second, width: third, channels: first, wanted: 'first' };
  return undefined;
}

const isColour = (extent: number): extent is 1 | 3 => extent === 1 || extent === 3;

function fitNote(target: Target, { fit, antialias }: Binding): string {
  const to = `${target.height}×${target.width}`;
  const how = antialias ? 'bilinear, antialiased' : 'bilinear';
  const { width, height } = coverSize(target);
  const resized =
    fit === 'crop'
      ? `resized to cover ${height}×${width} (${how}), centre ${to} cut out`
      : `resized to ${to} (${how}), proportions not kept`;
  return `images ${resized}${target.channels > 1 && target.wanted === 'first' ? ', channels put first' : ''}`;
}
