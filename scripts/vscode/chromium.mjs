// Puts a headless Chromium below .vscode-test/, out of the npm package @sparticuz/chromium, which holds the
// browser itself with the libraries and the font it needs, all Brotli-packed. CHROMIUM_PATH overrides it.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { testFolder } from '../setup/paths.mjs';

const PACKED_FOLDERS = ['al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'];

/** @returns {{ executable: string, env: Record<string, string> }} the browser and the variables it needs */
export function ensureChromium() {
  const own = process.env.CHROMIUM_PATH;
  if (own) {
    if (!existsSync(own)) throw new Error(`CHROMIUM_PATH is "${own}", but there is no such file.`);
    return { executable: own, env: {} };
  }
  const source = packageFolder();
  const { version } = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  const folder = path.join(testFolder, `chromium-${version}`);
  const executable = path.join(folder, 'chromium');
  if (!existsSync(executable)) unpack(path.join(source, 'bin'), folder);
  return { executable, env: { LD_LIBRARY_PATH: path.join(folder, 'lib'), FONTCONFIG_PATH: folder } };
}

/** The package exports no package.json, so its folder is found upwards from its entry. */
function packageFolder() {
  let folder = path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'));
  while (!existsSync(path.join(folder, 'bin/chromium.br'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('@sparticuz/chromium holds no browser: run "npm ci" again.');
    folder = parent;
  }
  return folder;
}

/** The executable comes last and by renaming: while it is missing, the folder is unpacked again. */
function unpack(bin, folder) {
  console.log('Chromium: unpacking');
  mkdirSync(folder, { recursive: true });
  for (const name of PACKED_FOLDERS) {
    execFileSync('tar', ['-x', '--no-same-owner', '-C', folder], { input: unpacked(bin, name) });
  }
  writeFileSync(path.join(folder, 'fonts.conf'), fontsConf(folder));
  const partial = path.join(folder, `chromium.partial-${process.pid}`);
  try {
    writeFileSync(partial, unpacked(bin, 'chromium.br'), { mode: 0o755 });
    renameSync(partial, path.join(folder, 'chromium'));
  } finally {
    rmSync(partial, { force: true });
  }
}

const unpacked = (bin, name) => brotliDecompressSync(readFileSync(path.join(bin, name)));

/**
 * Without a font configuration of its own, pages hang on machines that have no fonts installed. The font that comes
 * along is proportional; where the machine has a monospaced one, code is shown in it.
 */
const fontsConf = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <alias>
    <family>monospace</family>
    <prefer><family>DejaVu Sans Mono</family><family>Liberation Mono</family><family>Noto Sans Mono</family></prefer>
  </alias>
  <cachedir>${folder}/fontcache</cachedir>
</fontconfig>
`;
