// What must hold for every fixture: scanning any beginning of a file works, and no change of the model file leaves an
// exact link that is wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded, type Random } from '../../../src/core/random.ts';
import { align, type LayerLike } from '../../../src/core/source/align.ts';
import type { CallSite, Link } from '../../../src/core/source/callSite.ts';
import { scan } from '../../../src/core/source/scan.ts';
import { canonicalClass } from '../../../src/core/source/layerClasses.ts';
import { fixtures, type Fixture } from './fixture.ts';

const ALL = fixtures();

/** Independent of the matcher: the name in the text is the layer's, and no number in the text is another one. */
function isTrue({ layer, site }: Link, layers: readonly LayerLike[]): boolean {
  const owner = layers.find((one) => one.id === layer);
  const name = site.keywords['name'];
  if (!owner || !name || !('literal' in name) || name.literal !== owner.name) return false;
  if (canonicalClass(owner.className) !== site.className) return false;
  return ['units', 'filters', 'rate'].every((key) => {
    const written = site.keywords[key];
    const stored = owner.settings[key];
    return !written || !('literal' in written) || stored === undefined || written.literal === stored;
  });
}

function assertSound(layers: readonly LayerLike[], sites: readonly CallSite[], what: string): void {
  const links = align(layers, sites);
  const exact = links.filter((link) => link.confidence === 'exact');
  for (const link of exact) assert.ok(isTrue(link, layers), `${what}: ${link.layer}`);
  assert.equal(new Set(exact.map((link) => link.layer)).size, exact.length, `${what}: one call a layer`);
  assert.equal(new Set(exact.map((link) => link.site)).size, exact.length, `${what}: one layer a call`);
  for (const link of links.filter((one) => one.confidence !== 'ambiguous'))
    assert.ok(!link.site.repeated || link.site.occurrences?.some((one) => !one.repeated), `${what}: loop`);
}

/** Beginnings that end at prime distances, so that every kind of place comes up; more of the half-typed files. */
function beginnings({ text, name }: Fixture): string[] {
  const step = name.includes('half-typed') ? 5 : 29;
  return Array.from({ length: Math.ceil(text.length / step) + 1 }, (_, i) => text.slice(0, i * step));
}

for (const one of ALL) {
  test(`${one.name}: every beginning is scanned, and its exact links are true`, () => {
    for (const [at, text] of beginnings(one).entries()) {
      const sites = scan(text, one.language);
      for (const site of sites) assert.ok(site.range.to <= text.length);
      if (at % 3 === 0) assertSound(one.layers, sites, `${text.length} characters`);
    }
  });
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

const renamed = (layer: LayerLike, name: string): LayerLike => ({ ...layer, name });

test('reordering the layers of a file moves no exact link', () => {
  for (const { name, text, language, layers } of ALL) {
    const sites = scan(text, language);
    const exactOf = (order: readonly LayerLike[]): Map<string, number> =>
      new Map(
        align(order, sites)
          .filter((link) => link.confidence === 'exact')
          .map((link) => [link.layer, link.site.range.from]),
      );
    const before = exactOf(layers);
    for (let seed = 0; seed < 3; seed++) {
      const after = exactOf(shuffled(layers, seeded(seed)));
      assert.deepEqual([...after].sort(), [...before].sort(), `${name} ${seed}`);
    }
  }
});

test('exchanging names leaves no exact link that is wrong', () => {
  for (const { name, text, language, layers } of ALL) {
    const sites = scan(text, language);
    for (let seed = 0; seed < 3; seed++) {
      const names = shuffled(
        layers.map((layer) => layer.name),
        seeded(seed),
      );
      const mixed = layers.map((layer, at) => renamed(layer, names[at]!));
      assertSound(mixed, sites, `${name} ${seed}`);
    }
  }
});

test('a layer with a new name has no exact link', () => {
  for (const { name, text, language, layers } of ALL) {
    const sites = scan(text, language);
    for (const { id } of layers) {
      const edited = layers.map((layer) => (layer.id === id ? renamed(layer, `new_${layer.name}`) : layer));
      const link = align(edited, sites).find((one) => one.layer === id);
      assert.notEqual(link?.confidence, 'exact', `${name} ${id}`);
    }
  }
});

test('other units take every link of the layer away', () => {
  for (const { name, text, language, layers } of ALL) {
    const sites = scan(text, language);
    for (const { id, settings } of layers) {
      const key = ['units', 'filters'].find((one) => typeof settings[one] === 'number');
      if (key === undefined) continue;
      const edited = layers.map((layer) =>
        layer.id === id ? { ...layer, settings: { ...settings, [key]: 9999 } } : layer,
      );
      for (const link of align(edited, sites).filter((one) => one.layer === id)) {
        const written = link.site.keywords[key];
        const isKnown = written !== undefined && 'literal' in written;
        assert.ok(!isKnown || link.confidence === 'ambiguous', `${name} ${id}`);
      }
    }
  }
});
