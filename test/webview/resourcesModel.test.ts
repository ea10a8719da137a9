import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnWidths, resourcesModel, sortKeys } from '../../webview/views/resourcesModel.ts';
import { resourcesSnapshot } from './snapshots.ts';

test('resources of the part get shares, the rest are figures', () => {
  const { shares, figures } = resourcesModel(resourcesSnapshot(), undefined);
  assert.deepEqual(
    shares.map(({ column, share }) => [column.id, share.toFixed(3)]),
    [
      ['lut', '1.184'],
      ['dsp', '0.514'],
    ],
  );
  assert.deepEqual(
    figures.map(({ column, value }) => [column.id, value]),
    [['latency', 5400]],
  );
});

test('a resource the part lacks is exceeded only when it is used', () => {
  const columns = [{ id: 'uram', title: 'URAM', available: 0 }];
  const share = (used: number): number | undefined =>
    resourcesModel(resourcesSnapshot({ columns, total: { uram: used } }), undefined).shares[0]?.share;
  assert.equal(share(0), 0);
  assert.equal(share(2), Number.POSITIVE_INFINITY);
});

test('totals nobody knows are left out', () => {
  const { shares, figures } = resourcesModel(resourcesSnapshot({ total: { lut: null } }), undefined);
  assert.deepEqual([shares.length, figures.length], [0, 0]);
});

test('the largest consumer of each column is known, columns without values have none', () => {
  assert.deepEqual(resourcesModel(resourcesSnapshot(), undefined).largest, {
    lut: 61000,
    dsp: 100,
    latency: 0,
  });
});

test('rows keep the order of the network until sorted; absent values last', () => {
  const names = (key: string | undefined, descending = true): string =>
    resourcesModel(resourcesSnapshot(), key === undefined ? undefined : { key, descending })
      .rows.map((row) => row.name)
      .join(' ');
  assert.equal(names(undefined), 'conv1 conv2 pool1 dense');
  assert.equal(names('lut'), 'conv2 conv1 dense pool1');
  assert.equal(names('lut', false), 'dense conv1 conv2 pool1');
  assert.equal(names('layer', false), 'conv1 conv2 dense pool1');
  assert.deepEqual(sortKeys(resourcesSnapshot()), ['layer', 'formats', 'basis', 'lut', 'dsp', 'latency']);
});

test('columns are as wide as their longest text', () => {
  const [formats, lut, dsp] = columnWidths(resourcesSnapshot());
  assert.equal(formats, 8);
  // "63,000" in bold.
  assert.equal(lut, 7);
  assert.equal(dsp, 4);
});
