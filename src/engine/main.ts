// The engine process: starts the backend on the first request that needs it and answers over the process's own pipe.

import { version } from '../../package.json';
import type { EngineMethods } from '../protocol/engine.ts';
import { serve, type Channel, type Message } from '../protocol/rpc.ts';
import { BitLensError } from '../core/errors.ts';
import { startBackend } from './backend/backend.ts';
import { describeData } from './jobs/describeData.ts';
import { estimate } from './jobs/estimate.ts';
import { evaluate } from './jobs/evaluate.ts';
import { inspect } from './jobs/inspect.ts';
import { listTensorsOf } from './jobs/listTensors.ts';
import { quantize } from './jobs/quantize.ts';
import { sensitivity } from './jobs/sensitivity.ts';

const parent: Channel = {
  send(message) {
    process.send?.(message);
  },
  onMessage(listener) {
    process.on('message', (message) => listener(message as Message));
  },
  onClose(listener) {
    process.once('disconnect', () => {
      listener(new BitLensError('engine-died', ['The host is gone.']));
      process.exit(0); // nobody is left to answer to
    });
  },
};

// Ctrl-C in a terminal reaches the whole process group: what to do then is the host's decision.
process.on('SIGINT', () => undefined);

const backend = (): Promise<string> => startBackend(__dirname);

serve<EngineMethods>(parent, {
  inspect,
  listTensors: listTensorsOf,
  describeData,
  evaluate: async (params, context) => evaluate(params, context, await backend()),
  sensitivity: async (params, context) => sensitivity(params, context, await backend()),
  quantize: async (params, context) => quantize(params, context, { version, backend: await backend() }),
  estimate: async (params) => {
    await backend();
    return estimate(params);
  },
});
