// Takes the place of the native modules that VS Code's server loads at its start and that npm would have to
// compile. Nothing the tests look at runs through them.

import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const INNER = 'node_modules/code-server/lib/vscode/node_modules';

const STAND_INS = [
  // Writes log files; absent it would print a stack trace for every log.
  { file: 'spdlog.cjs', replaces: `${INNER}/@vscode/spdlog/index.js` },
  // Ends an extension host whose server died; keeper.mjs ends the whole process group. Its name changed.
  { file: 'watchdog.cjs', replaces: `${INNER}/@vscode/native-watchdog/index.js` },
  { file: 'watchdog.cjs', replaces: `${INNER}/native-watchdog/index.js` },
  // Hashes the password of a login; there is none here. Newer ones bring a binary and have no file of this name.
  { file: 'argon2.cjs', replaces: 'node_modules/argon2/argon2.js' },
];

/** @param {string} folder where code-server was npm-installed; a module its version does not have is passed over */
export function replaceNativeParts(folder) {
  for (const { file, replaces } of STAND_INS) {
    const target = path.join(folder, replaces);
    if (existsSync(target))
      copyFileSync(fileURLToPath(new URL(`stand-ins/${file}`, import.meta.url)), target);
  }
  addRipgrep(folder, path.join(folder, INNER, '@vscode/ripgrep'));
}

/** VS Code 1.100 expects a ripgrep that its install script would have downloaded. */
function addRipgrep(folder, target) {
  if (!existsSync(target)) return;
  const executable = path.join(target, 'bin/rg');
  mkdirSync(path.dirname(executable), { recursive: true });
  copyFileSync(path.join(folder, 'node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg'), executable);
  chmodSync(executable, 0o755);
}
