// package.json and the code name the same commands, views, settings and context keys, and the same values of settings.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COSTS } from '../../src/core/cost/costs.ts';
import { PARTS } from '../../src/core/cost/parts.ts';
import { FAMILIES as CORE_FAMILIES } from '../../src/core/quantizers/families.ts';
import { MAX_BITS, MIN_BITS } from '../../src/core/quantizers/format.ts';
import { STRATEGIES as CORE_STRATEGIES } from '../../src/core/search/registry.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import {
  COMMANDS,
  CONTEXT_KEYS,
  MODEL_EXTENSIONS,
  SETTINGS,
  SETTINGS_SECTION,
  VIEW_TYPES,
} from '../../src/host/contributions.ts';
import { FAMILIES, readQuantizeSettings, STRATEGIES } from '../../src/host/settingValues.ts';
import { LANGUAGE_IDS } from '../../src/host/source/documentScans.ts';

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly items?: { readonly minimum: number; readonly maximum: number };
}

interface MenuEntry {
  readonly command: string;
  readonly when: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Property>> };
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const { commands, menus, configuration } = manifest.contributes;
const settings = configuration.properties;
const setting = (name: keyof typeof SETTINGS): Property => settings[`${SETTINGS_SECTION}.${SETTINGS[name]}`]!;
const palette = menus['commandPalette'] ?? [];
const sorted = (list: Iterable<string>): string[] => [...list].sort();

test('commands: the same ids in the code and in package.json', () => {
  assert.deepEqual(sorted(commands.map(({ command }) => command)), sorted(Object.values(COMMANDS)));
});

test('menus name commands that exist', () => {
  const known: readonly string[] = Object.values(COMMANDS);
  const named = Object.values(menus)
    .flat()
    .map(({ command }) => command);
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter((command) => !known.includes(command)),
    [],
  );
});

test('layerActions alone is hidden from the palette', () => {
  const hidden = palette.filter(({ when }) => when === 'false').map(({ command }) => command);
  assert.deepEqual(hidden, [COMMANDS.layerActions]);
});

test('only the command that analyses wants a trusted workspace', () => {
  const wanting = commands.filter(({ enablement }) => enablement === 'isWorkspaceTrusted');
  assert.deepEqual(
    wanting.map(({ command }) => command),
    [COMMANDS.quantizeModel],
  );
});

test('context keys: those of the code are used in package.json, and no others of ours', () => {
  const conditions = [
    ...Object.values(menus).flatMap((entries) => entries.map(({ when }) => when)),
    ...commands.flatMap(({ enablement }) => enablement ?? []),
  ];
  const used = conditions.flatMap((when) => when.match(/\bbitlens\.\w+/g) ?? []);
  assert.deepEqual(sorted(new Set(used)), sorted(Object.values(CONTEXT_KEYS)));
});

test('views: each is restored by an activation event, and no other', () => {
  const restored = manifest.activationEvents
    .filter((event) => event.startsWith('onWebviewPanel:'))
    .map((event) => event.slice('onWebviewPanel:'.length));
  assert.deepEqual(sorted(restored), sorted(Object.values(VIEW_TYPES)));
});

test('languages: opening a file that can have lenses activates the extension', () => {
  const events = manifest.activationEvents.filter((event) => event.startsWith('onLanguage:'));
  assert.deepEqual(sorted(events), sorted(LANGUAGE_IDS.map((language) => `onLanguage:${language}`)));
});

test('the explorer offers a model file by the extensions of the code', () => {
  const entry = menus['explorer/context']?.find(({ command }) => command === COMMANDS.quantizeModel);
  const extensions = /resourceExtname =~ \/\^\\\.\(([\w|]+)\)\$\//.exec(entry?.when ?? '')?.[1]?.split('|');
  assert.deepEqual(sorted(extensions ?? []), sorted(MODEL_EXTENSIONS));
});

test('settings: the same ids in the code and in package.json', () => {
  const ids = Object.values(SETTINGS).map((id) => `${SETTINGS_SECTION}.${id}`);
  assert.deepEqual(sorted(Object.keys(settings)), sorted(ids));
});

test('settings offer what the code knows', () => {
  assert.deepEqual(sorted(setting('objective').enum ?? []), sorted(COSTS.map(({ id }) => id)));
  assert.deepEqual(sorted(setting('part').enum ?? []), sorted(PARTS.map(({ id }) => id)));
  assert.deepEqual(sorted(setting('family').enum ?? []), sorted(CORE_FAMILIES.map(({ id }) => id)));
  assert.deepEqual(sorted(setting('strategy').enum ?? []), sorted(CORE_STRATEGIES.map(({ id }) => id)));
  assert.deepEqual(sorted(FAMILIES), sorted(CORE_FAMILIES.map(({ id }) => id)));
  assert.deepEqual(sorted(STRATEGIES), sorted(CORE_STRATEGIES.map(({ id }) => id)));
  for (const name of ['weightBits', 'activationBits'] as const) {
    const { items } = setting(name);
    assert.deepEqual([items?.minimum, items?.maximum], [MIN_BITS, MAX_BITS]);
  }
});

test('each choice that is described has a description', () => {
  for (const { enum: choices, markdownEnumDescriptions: descriptions } of Object.values(settings)) {
    if (descriptions) assert.equal(descriptions.length, choices?.length);
  }
});

test('defaults of the settings are those of a run, and reading them gives a run its defaults', () => {
  const defaults = new Map(Object.entries(settings).map(([id, property]) => [id, property.default]));
  const read = readQuantizeSettings((id) => defaults.get(`${SETTINGS_SECTION}.${id}`));
  assert.deepEqual(read, DEFAULT_SETTINGS);
  assert.deepEqual(setting('maxDrop').default, DEFAULT_SETTINGS.maxDrop);
  assert.deepEqual(setting('weightBits').default, DEFAULT_SETTINGS.weightBits);
  assert.deepEqual(setting('clock').default, DEFAULT_SETTINGS.clockNs);
  assert.deepEqual([setting('codeLens').default, setting('hover').default], [true, true]);
});

test('every text of package.json is in package.nls.json, and none there is left over', () => {
  const named = [...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!);
  const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
  assert.deepEqual(sorted(new Set(named)), sorted(Object.keys(texts)));
  assert.deepEqual(
    Object.entries(texts).filter(([, value]) => value.trim() === ''),
    [],
  );
});

test('what a user reads in package.json is not written there', () => {
  const literal = [...text.matchAll(/"(title|\w*[dD]escription)": "([^%"][^"]*)"/g)].map((match) => match[2]);
  assert.deepEqual(literal, ['BitLens']); // the name of the section of settings
});
