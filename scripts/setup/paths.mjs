// Where things are. Everything the scripts fetch or write for themselves lies below `.vscode-test/` (git-ignored).

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Folder for downloads, scratch workspaces and screenshots; several checkouts may share one. */
export const testFolder = path.resolve(root, process.env.BITLENS_TEST_FOLDER ?? '.vscode-test');

/** Path of a command that an npm package of this repository brings along. */
export const bin = (name) => path.join(root, 'node_modules/.bin', name);

const manifest = () => JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** Where `npm run package` puts the extension. */
export const packagedFile = () => path.join(root, `bitlens-${manifest().version}.vsix`);
