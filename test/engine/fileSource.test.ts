// Files beside a model: found however the model was named, and never outside its folder.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { openFile } from '../../src/engine/fileSource.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-source-'));
after(() => rmSync(folder, { recursive: true }));

mkdirSync(path.join(folder, 'model', 'variables'), { recursive: true });
const MODEL = path.join(folder, 'model', 'saved_model.pb');
writeFileSync(MODEL, 'graph');
writeFileSync(path.join(folder, 'model', '..data'), 'dots');
writeFileSync(path.join(folder, 'model', 'variables', 'index'), 'beside');
writeFileSync(path.join(folder, 'secret'), 'outside');

/** The same file by a relative path, as the command line passes it on. */
const spellings = [MODEL, path.relative(process.cwd(), MODEL)];

for (const [at, file] of spellings.entries())
  test(`a model opened by ${at === 0 ? 'its whole' : 'a relative'} path has the files beside it`, async () => {
    const source = await openFile(file);
    for (const [name, text] of [
      ['variables/index', 'beside'],
      ['./variables/../variables/index', 'beside'],
      ['..data', 'dots'],
    ] as const) {
      const beside = await source.sibling(name);
      assert.equal(new TextDecoder().decode(await beside.read(0, beside.size)), text);
    }
    for (const name of ['../secret', '..', '.', 'variables/../../secret', path.join(folder, 'secret')])
      await assert.rejects(
        source.sibling(name),
        (error) => BitLensError.is(error, 'bad-file') && /outside its folder/.test(error.message),
        name,
      );
  });
