// Reads one pickle as data. It runs no code: see values.ts.

import { type Cursor } from './cursor.ts';
import { fault, machineOn, pop } from './machine.ts';
import { OPCODES } from './opcodes.ts';
import type { PickleReference, PickleValue } from './values.ts';

const STOP = 0x2e;

export interface Unpickled {
  readonly value: PickleValue;
  /** All that it refers to outside itself. */
  readonly references: readonly PickleReference[];
}

/**
 * What the pickle under the cursor describes; the cursor is then behind it.
 * @throws `bad-file` for one that is damaged, too large, or of a protocol after 5
 */
export function unpickle(cursor: Cursor): Unpickled {
  const machine = machineOn(cursor);
  for (let code = cursor.byte(); code !== STOP; code = cursor.byte()) {
    const run = OPCODES.get(code);
    if (!run) throw fault(machine, `opcode 0x${code.toString(16)}`);
    run(machine);
  }
  return { value: pop(machine), references: machine.references };
}
