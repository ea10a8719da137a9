// Command-line options shared by several commands, and how their values are read. A wrong value is wrong use: exit 2.

import { InvalidArgumentError, Option, type Command } from 'commander';
import path from 'node:path';
import { COSTS, type CostName, type Costs } from '../core/cost/costs.ts';
import { numbersIn, parsePerChannel, standardize, type PerChannel } from '../core/data/perChannel.ts';
import { BitLensError } from '../core/errors.ts';
import { parseShape } from '../core/ir/parseShape.ts';
import { MAX_BITS, MIN_BITS } from '../core/quantizers/format.ts';
import type { QuantizeSettings } from '../core/result.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import type { DataRef, ModelRef } from '../protocol/engine.ts';

export interface DataOptions {
  readonly data?: string;
  readonly labels?: string;
  readonly labelColumn?: string;
  readonly scale?: PerChannel;
  readonly offset?: PerChannel;
  readonly mean?: PerChannel;
  readonly std?: PerChannel;
  readonly fit?: 'crop' | 'squash';
  readonly limit?: number;
  readonly seed?: number;
}

export interface SettingsOptions {
  readonly strategy: QuantizeSettings['strategy'];
  readonly walk: QuantizeSettings['walk'];
  readonly metric: QuantizeSettings['metric'];
  readonly family: QuantizeSettings['family'];
  readonly perTensor?: boolean;
  readonly range: QuantizeSettings['range'];
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  readonly objective: CostName;
  readonly maxDrop?: number;
  readonly budget?: Costs;
  readonly target: string;
  readonly reuse: number;
  readonly clock: number;
  readonly seed: number;
}

/** Of the commands that run an analysis. */
export interface RunOptions extends ModelOptions, DataOptions, SettingsOptions {
  readonly json?: boolean;
  readonly seed: number;
}

export function addDataOptions(command: Command): Command {
  return command
    .option('--data <path>', 'samples: .npy, .npz, .csv or a folder of images (synthetic when absent)')
    .option('--labels <path>', 'labels, when they are not with the samples')
    .option(
      '--label-column <column>',
      'column of a .csv that holds the class: its name, or its number from 1',
    )
    .option(
      '--scale <list>',
      'multiply every value by this number, or by one for each channel: a,b,c',
      scales,
    )
    .option('--offset <list>', 'then add this', perChannel)
    .option('--mean <list>', 'then subtract this', perChannel)
    .option('--std <list>', 'then divide by this', deviations)
    .addOption(new Option('--fit <how>', 'how images fit the input').choices(['crop', 'squash']))
    .option('--limit <n>', 'use the first n samples', count);
}

export function addTargetOptions(command: Command): Command {
  return command
    .option('--target <part>', 'FPGA part', DEFAULT_SETTINGS.part)
    .option('--reuse <n>', 'hls4ml reuse factor', count, DEFAULT_SETTINGS.reuse)
    .option('--clock <ns>', 'clock period in nanoseconds', positive, DEFAULT_SETTINGS.clockNs);
}

export function familyOption(): Option {
  const families: readonly QuantizeSettings['family'][] = ['fixed', 'int', 'int-asymmetric'];
  return new Option('--family <name>', 'quantizer family')
    .choices([...families])
    .default(DEFAULT_SETTINGS.family);
}

export function addSensitivityOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--metric <name>', 'what the sensitivity list is sorted by')
        .choices(['auto', 'kl', 'sqnr', 'mse', 'accuracy'])
        .default(DEFAULT_SETTINGS.metric),
    )
    .addOption(familyOption())
    .option('--per-tensor', 'one scale per weight tensor instead of per channel (integer families)')
    .addOption(
      new Option('--range <method>', 'how ranges are set')
        .choices(['output', 'mse', 'percentile', 'minmax'])
        .default(DEFAULT_SETTINGS.range),
    )
    .option('--weight-bits <list>', 'candidate widths of weights', widths, DEFAULT_SETTINGS.weightBits)
    .option(
      '--activation-bits <list>',
      'candidate widths of activations',
      widths,
      DEFAULT_SETTINGS.activationBits,
    )
    .option('--seed <n>', 'seed', seed, DEFAULT_SETTINGS.seed);
}

export function addSearchOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--strategy <name>', 'search').choices(['amp', 'amp+dp']).default(DEFAULT_SETTINGS.strategy),
    )
    .addOption(
      new Option('--walk <mode>', "how AMP's list is searched")
        .choices(['brute', 'binary', 'interpolation'])
        .default(DEFAULT_SETTINGS.walk),
    )
    .addOption(
      new Option('--objective <cost>', 'what to make small')
        .choices(COSTS.map(({ id }) => id))
        .default(DEFAULT_SETTINGS.objective),
    )
    .option(
      '--max-drop <share>',
      'largest accepted loss of accuracy: 0.01 is one point (default 0.01 without --budget)',
      real,
    )
    .option('--budget <list>', 'upper bounds on costs: lut=50000,dsp=100', budget);
}

export interface ModelOptions {
  readonly weights?: string;
  readonly float?: boolean;
  readonly inputShape?: readonly (readonly number[])[];
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--weights <file>', 'weights stored apart from the architecture')
    .option('--float', 'without the quantizers that the model file itself has')
    .option(
      '--input-shape <extents>',
      'shape of an input that the model leaves open, without the batch axis: 3,224,224 (repeat for each input)',
      shapes,
    );
}

/** Collects one shape an input. */
function shapes(text: string, earlier: readonly (readonly number[])[] = []): readonly (readonly number[])[] {
  const shape = parseShape(text);
  if (shape) return [...earlier, shape];
  throw new InvalidArgumentError('Write extents as 3,224,224.');
}

export function modelRef(model: string, { weights, float, inputShape }: ModelOptions): ModelRef {
  return {
    path: path.resolve(model),
    weights: weights === undefined ? undefined : path.resolve(weights),
    float,
    inputShapes: inputShape,
  };
}

export function dataRef(options: DataOptions): DataRef {
  const { data, labels, labelColumn, scale, offset, mean, std, fit, limit, seed: seedValue } = options;
  if (labels !== undefined && data === undefined)
    throw new BitLensError('bad-option', ['--labels needs --data.']);
  if (labelColumn !== undefined && data === undefined)
    throw new BitLensError('bad-option', ['--label-column needs --data.']);
  return {
    path: data === undefined ? undefined : path.resolve(data),
    labels: labels === undefined ? undefined : path.resolve(labels),
    labelColumn,
    ...(mean === undefined && std === undefined
      ? { scale, offset }
      : standardize({ scale, offset, mean, std })),
    fit,
    limit,
    seed: seedValue,
  };
}

export function settingsOf(options: Partial<SettingsOptions>): QuantizeSettings {
  const given = { ...DEFAULT_SETTINGS, ...withoutUndefined(options) };
  return {
    strategy: given.strategy,
    walk: given.walk,
    metric: given.metric,
    family: given.family,
    perChannel: options.perTensor !== true,
    range: given.range,
    weightBits: given.weightBits,
    activationBits: given.activationBits,
    objective: given.objective,
    maxDrop: options.maxDrop ?? (options.budget ? null : DEFAULT_SETTINGS.maxDrop),
    budget: options.budget ?? {},
    part: options.target ?? DEFAULT_SETTINGS.part,
    reuse: given.reuse,
    clockNs: options.clock ?? DEFAULT_SETTINGS.clockNs,
    seed: given.seed,
  };
}

function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

function real(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

function perChannel(text: string): PerChannel {
  const values = parsePerChannel(text);
  if (values === undefined)
    throw new InvalidArgumentError('It must be a number, or a list with one number for each channel.');
  return values;
}

function scales(text: string): PerChannel {
  const values = perChannel(text);
  if (numbersIn(values).includes(0)) throw new InvalidArgumentError('It must not be 0.');
  return values;
}

function deviations(text: string): PerChannel {
  const values = perChannel(text);
  if (numbersIn(values).some((value) => value <= 0))
    throw new InvalidArgumentError('It must be greater than 0.');
  return values;
}

function positive(text: string): number {
  const value = real(text);
  if (value <= 0) throw new InvalidArgumentError('It must be greater than 0.');
  return value;
}

function count(text: string): number {
  const value = real(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
}

function seed(text: string): number {
  const value = real(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return value;
}

function widths(text: string): number[] {
  const list = text.split(',').map(count);
  if (list.some((bits) => bits < MIN_BITS || bits > MAX_BITS)) {
    throw new InvalidArgumentError(`Widths go from ${MIN_BITS} to ${MAX_BITS} bits.`);
  }
  return list.sort((a, b) => b - a);
}

function budget(text: string): Costs {
  const entries = text.split(',').map((part) => {
    const [name = '', bound = ''] = part.split('=', 2).map((word) => word.trim());
    if (!COSTS.some(({ id }) => id === name)) {
      throw new InvalidArgumentError(
        `“${name}” is no cost; the costs are ${COSTS.map(({ id }) => id).join(', ')}.`,
      );
    }
    return [name, positive(bound)];
  });
  return Object.fromEntries(entries) as Costs;
}
