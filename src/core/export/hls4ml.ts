// The plan as an hls4ml configuration (YAML, granularity "name"). Types round half to even and saturate, as the
// analysis did; sums inside a fused kernel are left to hls4ml's own inference ("auto"), which loses nothing.
// Layer names follow hls4ml's Keras reader: an activation inside a layer becomes a layer of its own, `fc1_relu`.

import { Document } from 'yaml';
import { BitLensError } from '../errors.ts';
import { parseFormat } from '../quantizers/format.ts';
import type { Candidate, LayerSummary, Result } from '../result.ts';
import type { Exporter } from './exporter.ts';

type Entry = Record<string, unknown>;

export const hls4mlConfig: Exporter = {
  id: 'hls4ml',
  title: 'hls4ml configuration (YAML)',
  fileName: 'hls4ml.yml',
  export(result, candidate) {
    const { part, clockNs, reuse } = result.settings;
    const usesConvolution = result.model.layers.some(({ className }) => /conv/i.test(className));
    const document = new Document({
      OutputDir: 'hls4ml_prj',
      ProjectName: 'myproject',
      Backend: 'Vitis',
      Part: part,
      ClockPeriod: clockNs,
      IOType: usesConvolution ? 'io_stream' : 'io_parallel',
      HLSConfig: {
        Model: {
          Precision: { default: 'fixed<16,6>' },
          ReuseFactor: reuse,
          Strategy: reuse > 1 ? 'Resource' : 'Latency',
        },
        LayerName: layerEntries(result, candidate),
      },
    });
    document.commentBefore = ` ${result.model.file}, plan "${candidate.label}" by BitLens ${result.producer.version}`;
    return document.toString({ lineWidth: 0 });
  },
};

function layerEntries(result: Result, { plan }: Candidate): Record<string, Entry> {
  const { reuse } = result.settings;
  const entries: Record<string, Entry> = {};
  for (const layer of result.model.layers) {
    const type = (slot: string | undefined): string =>
      hlsType(slot === undefined ? undefined : plan[slot], layer.id);
    const own = ownOutput(result, layer);
    const kernel = layer.weights.length > 0;
    const inner = innerActivation(layer);
    if (kernel) {
      const precision: Entry = { weight: type(layer.weights[0]), bias: type(layer.biases[0]), accum: 'auto' };
      entries[layer.name] = {
        Precision: { ...precision, result: inner === undefined ? type(own) : 'auto' },
        ReuseFactor: reuse,
        Strategy: reuse > 1 ? 'Resource' : 'Latency',
      };
      if (inner !== undefined) entries[`${layer.name}_${inner}`] = { Precision: { result: type(own) } };
    } else if (own !== undefined) {
      entries[layer.name] = { Precision: { result: type(own) } };
    }
  }
  return entries;
}

/** The slot that quantizes this very layer's output, not that of the chain it is fused into. */
function ownOutput(result: Result, layer: LayerSummary): string | undefined {
  const slot = result.model.slots.find(({ id }) => id === layer.writes);
  return slot?.layer === layer.id ? slot.id : undefined;
}

/** Name of the activation that hls4ml splits off: `relu` for Dense(…, activation="relu"). */
function innerActivation(layer: LayerSummary): string | undefined {
  const activation = layer.settings['activation'];
  return typeof activation === 'string' && activation !== 'linear' ? activation : undefined;
}

function hlsType(text: string | undefined, layer: string): string {
  const format = text === undefined ? undefined : parseFormat(text);
  if (format === undefined || format.kind === 'float32') return 'auto';
  if (format.kind === 'fixed') {
    // Channels with binary points of their own need a type that holds all of them.
    const width = format.width + format.integer - (format.lowest ?? format.integer);
    return `${format.signed ? '' : 'u'}fixed<${width},${format.integer},RND_CONV,SAT>`;
  }
  throw new BitLensError(
    'unsupported',
    ['hls4ml has no type for the format of {0}: {1}.', layer, text ?? ''],
    ['Quantize with the fixed-point family.'],
  );
}
