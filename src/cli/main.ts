// The command line: `bitlens inspect | evaluate | sensitivity | quantize | estimate`.
// Exit code 0: done; 1: failed; 2: wrong use. Results go to stdout, progress and errors to stderr.

import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { BitLensError } from '../core/errors.ts';
import { addEstimate } from './commands/estimate.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addInspect } from './commands/inspect.ts';
import { addQuantize } from './commands/quantize.ts';
import { addSensitivity } from './commands/sensitivity.ts';

async function main(): Promise<number> {
  const program = new Command('bitlens')
    .description('Quantization analysis: how many bits every layer needs, and what every bit costs.')
    .version(version)
    .exitOverride();
  for (const add of [addInspect, addEvaluate, addSensitivity, addQuantize, addEstimate]) add(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('(--help lists the options)');
  try {
    await program.parseAsync();
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const error = BitLensError.from(thrown);
    console.error(`bitlens: ${error.message}`);
    if (error.kind === 'internal') console.error(error.stack);
    return error.kind === 'bad-option' ? 2 : 1;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
