import assert from 'node:assert/strict';
import { test } from 'node:test';
import { align, matchSource, type LayerLike } from '../../../src/core/source/align.ts';
import type { CallSite } from '../../../src/core/source/callSite.ts';
import { scan } from '../../../src/core/source/scan.ts';
import { fixture } from './fixture.ts';

const layer = (name: string, className: string, settings: LayerLike['settings'] = {}): LayerLike => ({
  id: name,
  name,
  className,
  settings,
});
const python = (code: string): CallSite[] => scan(`from keras import Sequential, layers\n${code}`, 'python');
const fitOf = (layers: readonly LayerLike[], sites: readonly CallSite[]): string =>
  matchSource(layers, sites).fit.state;

/** A fixture's layers, one of them changed or left out. */
function changed(name: string, id: string, change: ((layer: LayerLike) => LayerLike) | undefined) {
  const { layers, text, language } = fixture(name);
  const edited = layers.flatMap((one) => {
    if (one.id !== id) return [one];
    return change ? [change(one)] : [];
  });
  return { layers: edited, sites: scan(text, language) };
}

test('a link says what it rests on', () => {
  const links = align(
    [layer('a', 'Dense', { units: 4, activation: 'relu' }), layer('dense_7', 'Dense', { units: 2 })],
    python('m = Sequential([layers.Dense(4, activation="relu", name="a"), layers.Dense(2)])'),
  );
  assert.deepEqual(
    links.map(({ layer: id, confidence, evidence }) => [id, confidence, evidence]),
    [
      ['a', 'exact', "name='a', same units and activation"],
      ['dense_7', 'likely', '1st Dense of 1 without a name, same units'],
    ],
  );
});

test('a literal that contradicts the file takes the exact link away', () => {
  const edited = changed('01-sequential-explicit', 'conv1', (one) => ({
    ...one,
    settings: { ...one.settings, filters: 9 },
  }));
  const { links, fit } = matchSource(edited.layers, edited.sites);
  assert.equal(links.find((link) => link.layer === 'conv1')?.confidence, 'ambiguous');
  assert.equal(links.find((link) => link.layer === 'conv2')?.confidence, 'exact');
  assert.ok(fit.state === 'differs');
  assert.deepEqual(
    fit.mismatches.map(({ why, layer: id }) => [id, why]),
    [['conv1', 'filters is 8 in the code and 9 in the model file']],
  );
});

test('a name whose class has changed is no link', () => {
  const edited = changed('01-sequential-explicit', 'scores', (one) => ({ ...one, className: 'Conv2D' }));
  const { links, fit } = matchSource(edited.layers, edited.sites);
  assert.equal(links.find((link) => link.layer === 'scores')?.confidence, 'ambiguous');
  assert.equal(fit.state, 'differs');
});

test('an edited call without a name is told by what was edited', () => {
  const file = [
    layer('flatten', 'Flatten'),
    layer('dense', 'Dense', { units: 32 }),
    layer('dense_1', 'Dense', { units: 16 }),
    layer('dense_2', 'Dense', { units: 10 }),
  ];
  const code = (units: number, last: string): CallSite[] =>
    python(
      `Sequential([layers.Flatten(), layers.Dense(${units}), layers.Dense(16), layers.Dense(10${last})])`,
    );
  const whys = (sites: readonly CallSite[]): (string | undefined)[][] => {
    const { fit } = matchSource(file, sites);
    assert.ok(fit.state === 'differs');
    return fit.mismatches.map((one) => [one.layer, one.why]);
  };
  assert.equal(fitOf(file, code(32, '')), 'fits');
  assert.deepEqual(whys(code(64, '')), [['dense', 'units is 64 in the code and 32 in the model file']]);
  assert.deepEqual(whys(code(32, ', name="scores"')), [
    ['dense_2', "named 'scores' in the code and 'dense_2' in the model file"],
  ]);
});

test('a layer more or less on either side is noticed', () => {
  const names = ['01-sequential-explicit', '02-functional-residual', '03-model-add', '19-tfjs-sequential'];
  for (const name of names) {
    const { layers, text, language } = fixture(name);
    const sites = scan(text, language);
    assert.equal(fitOf(layers, sites), 'fits', name);
    const needed = layers.filter(({ className }) => className !== 'InputLayer' && className !== 'Add');
    for (const { id } of needed) {
      const without = layers.filter((one) => one.id !== id);
      // A class that the file has nowhere else may have been folded when it was written.
      const last = !without.some((one) => one.className === layers.find((all) => all.id === id)?.className);
      if (!last) assert.equal(fitOf(without, sites), 'differs', `${name} without ${id}`);
    }
    const more = [...layers, layer('one_more', 'Conv2D', { filters: 3 })];
    assert.equal(fitOf(more, sites), 'differs', `${name} with one more`);
  }
});

test('a class that the file lacks is noticed, unless converters fold it', () => {
  const file = [layer('dense', 'Dense', { units: 4 }), layer('dense_1', 'Dense', { units: 2 })];
  const code = (extra: string): CallSite[] =>
    python(`Sequential([layers.Dense(4), ${extra}, layers.Dense(2)])`);
  assert.equal(fitOf(file, code('layers.Embedding(3, 4)')), 'differs');
  assert.equal(fitOf(file, code('layers.BatchNormalization()')), 'fits');
});

test('a loop may have made any number of layers', () => {
  const { layers, text } = fixture('09-loops');
  const sites = scan(text, 'python');
  const fewer = layers.filter(({ id }) => id !== 'conv_2' && id !== 're_lu_2' && id !== 'dense_1');
  const { links, fit } = matchSource(fewer, sites);
  assert.equal(fit.state, 'fits');
  const shown = links.filter((link) => link.confidence !== 'ambiguous').map((link) => link.layer);
  assert.deepEqual(shown, ['conv2d', 'flatten', 'dense_2']);
});

test('layers of two processes may have one number: their order is not known', () => {
  const nested = (path: string): LayerLike => ({
    ...layer('dense', 'Dense', { units: 8 }),
    id: `${path}/dense`,
  });
  const file = [nested('left'), nested('right'), layer('out', 'Dense', { units: 2 })];
  const sites = python('layers.Dense(8)\nlayers.Dense(8)\nlayers.Dense(2, name="out")');
  assert.deepEqual(
    align(file, sites).map((link) => link.confidence),
    ['ambiguous', 'ambiguous', 'exact'],
  );
});

test('a name inside a loop is no proof', () => {
  const sites = python('for x in y:\n  layers.Dense(4, name="a")\nlayers.Dense(2, name="b")');
  const links = align([layer('a', 'Dense', { units: 4 }), layer('b', 'Dense', { units: 2 })], sites);
  assert.deepEqual(
    links.map((link) => link.confidence),
    ['ambiguous', 'exact'],
  );
});

test('arms of a branch exclude each other, and what follows an arm that returns is not reached from it', () => {
  const code = `
def build(kind, x):
    if kind == 1:
        x = layers.Dense(8)(x)
    else:
        x = layers.Dense(16)(x)
    if kind == 2:
        return layers.Dense(3)(x)
    x = layers.Dense(4)(x)
    return layers.Dense(3, activation='softmax')(x)
    layers.Dense(7)`;
  const lines = (...units: number[]): (string | undefined)[] => {
    const file = units.map((count, at) => layer(`dense_${at + 1}`, 'Dense', { units: count }));
    const { links, fit } = matchSource(file, python(code));
    return [
      ...links.map(({ site, confidence }) => `${site.scope.replace(/\d+\./, '')} ${confidence}`),
      fit.state,
    ];
  };
  assert.deepEqual(lines(16, 3), ['build/1 likely', 'build/0 likely', 'fits']);
  assert.deepEqual(lines(8, 4, 3), ['build/0 likely', 'build likely', 'build likely', 'fits']);
  assert.deepEqual(lines(8, 16, 4, 3).at(-1), 'differs');
  assert.deepEqual(lines(8, 4, 3, 7).at(-1), 'differs');
});

test('equal layers that the code has too often stay ambiguous', () => {
  const sites = python(
    'm = Sequential([layers.Dense(8), layers.Dense(8), layers.Dense(8), layers.Dense(2)])',
  );
  const file = [
    layer('dense', 'Dense', { units: 8 }),
    layer('dense_1', 'Dense', { units: 8 }),
    layer('dense_2', 'Dense', { units: 2 }),
  ];
  const confidences = align(file, sites).map((link) => [link.layer, link.confidence]);
  assert.deepEqual(confidences, [
    ['dense', 'ambiguous'],
    ['dense_1', 'ambiguous'],
    ['dense_2', 'likely'],
  ]);
});

test('the order of a file with branches is not the order of the code', () => {
  const code = `
def build(x, prefix):
    a = layers.Dense(8, name=prefix + "a")(x)
    b = layers.Dense(8, name=prefix + "b")(x)
    c = layers.Dense(3, name=prefix + "c")(layers.Add()([a, b]))`;
  const file = [
    layer('m_b', 'Dense', { units: 8 }),
    layer('m_a', 'Dense', { units: 8 }),
    layer('add', 'Add'),
    layer('m_c', 'Dense', { units: 3 }),
  ];
  const shown = align(file, python(code)).filter((link) => link.confidence !== 'ambiguous');
  assert.deepEqual(
    shown.map((link) => [link.layer, link.site.keywords['units']]),
    [
      ['add', undefined],
      ['m_c', { literal: 3 }],
    ],
  );
});

test('one name in two places is decided by the function, or by the literals, or not at all', () => {
  const two = (first: number, second: number): string =>
    `layers.Dense(${first}, name="a")\nlayers.Dense(${second}, name="a")`;
  const confidences = (code: string): string[] =>
    align([layer('a', 'Dense', { units: 4 })], python(code)).map((link) => link.confidence);
  assert.deepEqual(confidences(two(4, 5)), ['likely']);
  assert.deepEqual(confidences(two(4, 4)), ['ambiguous', 'ambiguous']);
  assert.deepEqual(
    confidences('def f():\n  layers.Dense(4, name="a")\ndef g():\n  layers.Dense(5, name="a")'),
    ['exact'],
  );
});

test('a model split over functions that nothing here calls together is linked by its names', () => {
  const code = `
def encoder(x):
    return layers.Dense(4, name="code")(layers.Dense(16, name="wide")(x))
def decoder(x):
    return layers.Dense(20, name="out")(layers.Dense(16, name="wide_too")(x))`;
  const file = [
    layer('wide', 'Dense', { units: 16 }),
    layer('code', 'Dense', { units: 4 }),
    layer('wide_too', 'Dense', { units: 16 }),
    layer('out', 'Dense', { units: 20 }),
  ];
  const { links, fit } = matchSource(file, python(code));
  assert.deepEqual(
    links.map((link) => link.confidence),
    ['exact', 'exact', 'exact', 'exact'],
  );
  assert.equal(fit.state, 'fits');
});

test('a part of a model that stands in a file of its own is linked by several names, not by one', () => {
  const file = [
    layer('wide', 'Dense', { units: 16 }),
    layer('code', 'Dense', { units: 4 }),
    ...Array.from({ length: 6 }, (_, at) => layer(`conv${at}`, 'Conv2D', { filters: at })),
  ];
  const two = python('layers.Dense(16, name="wide")\nlayers.Dense(4, name="code")');
  const one = python('layers.Dense(16, name="wide")');
  const confidences = (sites: CallSite[]): string[] => align(file, sites).map((link) => link.confidence);
  assert.deepEqual(confidences(two), ['likely', 'likely']);
  assert.deepEqual(confidences(one), ['ambiguous']);
});

test('a call with a computed name may have made a layer whose name is written elsewhere', () => {
  const code =
    'def build(x, name):\n  layers.Dense(8, name="a")\n  layers.Dense(8, name=name)\n  layers.Dense(2, name="b")';
  const nested = (path: string): LayerLike => ({ ...layer('a', 'Dense', { units: 8 }), id: `${path}/a` });
  const { links, fit } = matchSource(
    [nested('m'), nested('n'), layer('b', 'Dense', { units: 2 })],
    python(code),
  );
  assert.deepEqual(
    links.map((link) => link.confidence),
    ['ambiguous', 'ambiguous', 'exact'],
  );
  assert.equal(fit.state, 'fits');
});

test('a file without calls, and a model without layers, have no links', () => {
  assert.deepEqual(matchSource([layer('a', 'Dense')], []), { links: [], fit: { state: 'unrelated' } });
  assert.deepEqual(align([], python('layers.Dense(3)')), []);
});

test('a helper that says nothing of the model does not claim its layers', () => {
  const sites = python('def block(x, n):\n  return layers.Dense(n)(x)');
  const links = align([layer('dense', 'Dense', { units: 5 })], sites);
  assert.deepEqual(
    links.map((link) => link.confidence),
    ['ambiguous'],
  );
});

test('calls that come without occurrences are taken in the order of the text', () => {
  const sites = python('m = Sequential([layers.Dense(4), layers.Dense(2)])').map(
    ({ className, positional, keywords, range, calleeRange, scope, repeated }): CallSite => ({
      ...{ className, positional, keywords, range, calleeRange, scope, repeated },
    }),
  );
  const file = [layer('dense', 'Dense', { units: 4 }), layer('dense_1', 'Dense', { units: 2 })];
  assert.deepEqual(
    align(file, sites).map((link) => link.confidence),
    ['likely', 'likely'],
  );
});
