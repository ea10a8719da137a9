// Reporter of mocha for scripts/test.mjs, loaded in VS Code's extension host: mocha's own output, and the counts in
// the file BITLENS_TEST_RESULTS. Pending tests are neither passed nor failed.
/* eslint-disable @typescript-eslint/no-require-imports */

const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      writeFileSync(process.env.BITLENS_TEST_RESULTS, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
};
