import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { BitLensError } from '../../../src/core/errors.ts';
import { hls4mlConfig } from '../../../src/core/export/hls4ml.ts';
import type { Result } from '../../../src/core/result.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { FORMATS, smallResult, withActivation } from './result.ts';

interface LayerEntry {
  readonly Precision: Readonly<Record<string, string>>;
  readonly ReuseFactor?: number;
  readonly Strategy?: string;
}

interface Config {
  readonly Part: string;
  readonly ClockPeriod: number;
  readonly IOType: string;
  readonly Backend: string;
  readonly HLSConfig: {
    readonly Model: { readonly Precision: unknown; readonly ReuseFactor: number; readonly Strategy: string };
    readonly LayerName: Readonly<Record<string, LayerEntry>>;
  };
}

const exported = (result: Result) => parse(hls4mlConfig.export(result, result.candidates[0]!)) as Config;

test('every quantized layer gets the types of its slots, rounding and saturating as the analysis did', () => {
  const { LayerName } = exported(smallResult()).HLSConfig;
  assert.deepEqual(LayerName, {
    image: { Precision: { result: 'ufixed<8,0,RND_CONV,SAT>' } },
    conv: {
      // binary points from −2 to 1 need 4 + 3 bits
      Precision: {
        weight: 'fixed<7,1,RND_CONV,SAT>',
        bias: 'fixed<16,2,RND_CONV,SAT>',
        accum: 'auto',
        result: 'auto',
      },
      ReuseFactor: 1,
      Strategy: 'Latency',
    },
    're, "lu"': { Precision: { result: 'ufixed<6,3,RND_CONV,SAT>' } },
    fc: {
      Precision: {
        weight: 'fixed<5,0,RND_CONV,SAT>',
        bias: 'fixed<16,1,RND_CONV,SAT>',
        accum: 'auto',
        result: 'auto',
      },
      ReuseFactor: 1,
      Strategy: 'Latency',
    },
  });
});

test('an activation inside a layer becomes the layer hls4ml makes of it', () => {
  const { LayerName } = exported(withActivation(smallResult(), 'fc', 'softmax')).HLSConfig;
  assert.deepEqual(LayerName['fc_softmax'], { Precision: { result: 'auto' } });
  assert.equal(LayerName['fc']!.Precision['result'], 'auto');
  assert.equal(
    exported(withActivation(smallResult(), 'fc', 'linear')).HLSConfig.LayerName['fc_linear'],
    undefined,
  );
});

test('part, clock, reuse and stream interface come from the settings and the model', () => {
  const settings = { ...DEFAULT_SETTINGS, part: 'xc7a200t', clockNs: 4, reuse: 8 };
  const config = exported(smallResult({ settings }));
  assert.equal(config.Part, 'xc7a200t');
  assert.equal(config.ClockPeriod, 4);
  assert.equal(config.IOType, 'io_stream');
  assert.equal(config.Backend, 'Vitis');
  const { Model, LayerName } = config.HLSConfig;
  assert.equal(Model.ReuseFactor, 8);
  assert.equal(Model.Strategy, 'Resource');
  assert.deepEqual(Model.Precision, { default: 'fixed<16,6>' });
  assert.deepEqual([LayerName['conv']!.ReuseFactor, LayerName['conv']!.Strategy], [8, 'Resource']);
});

test('slots the plan leaves float are left to hls4ml', () => {
  const rest = Object.fromEntries(Object.entries(FORMATS).filter(([slot]) => slot !== 'fc/weight'));
  const { LayerName } = exported(smallResult({}, rest)).HLSConfig;
  assert.equal(LayerName['fc']!.Precision['weight'], 'auto');
});

test('an integer format has no type there: the layer is named and the way out', () => {
  const plan = { ...FORMATS, 'fc/weight': 'int8 per-channel' };
  const result = smallResult({}, plan);
  assert.throws(
    () => hls4mlConfig.export(result, result.candidate),
    (error) =>
      BitLensError.is(error, 'unsupported') &&
      error.message ===
        'hls4ml has no type for the format of fc: int8 per-channel. Quantize with the fixed-point family.',
  );
});
