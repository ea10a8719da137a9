// The VS Code versions BitLens is tested in, and what of npm each consists of.

/**
 * code-server is VS Code's own server and workbench with a start script; its minor version is VS Code's.
 * Node.js is the one that code-server was built for, as an npm package, so the machine's own does not matter.
 */
const VERSIONS = {
  current: { vscode: '1.139.1', codeServer: '4.139.1', node: '24.21.0', packages: [] },
  /** `engines.vscode` of package.json. Fetches ripgrep when installed, so it is given one that is on npm. */
  oldest: {
    vscode: '1.100.3',
    codeServer: '4.100.3',
    node: '20.20.2',
    packages: ['@vscode/ripgrep-universal@1.18.0'],
  },
};

/** The version that the environment variable BITLENS_VSCODE names: "current" (default) or "oldest". */
export function chosenVersion() {
  const name = process.env.BITLENS_VSCODE || 'current';
  const version = VERSIONS[name];
  if (version === undefined) {
    throw new Error(`BITLENS_VSCODE is "${name}"; it can be ${Object.keys(VERSIONS).join(' or ')}.`);
  }
  return version;
}
