// The engine as a child process: forked on first use, restarted after a crash, ended when idle.
// Used by the extension host and by the command line.

import { fork, type ChildProcess } from 'node:child_process';
import { BitLensError } from '../core/errors.ts';
import type { EngineMethods } from './engine.ts';
import { createClient, type CallOptions, type Channel, type Client, type Message } from './rpc.ts';

export interface EngineOptions {
  /** Path of the bundled engine (dist/engine.js). */
  readonly modulePath: string;
  /** The child ends after this long without a request; it starts again on the next one. */
  readonly idleMs?: number;
  /** After a cancel that is not answered for this long, the child is ended. */
  readonly graceMs?: number;
  /** Lines the child writes to stderr. */
  readonly onLog?: (line: string) => void;
  readonly env?: Readonly<Record<string, string>>;
}

type Progress<K extends keyof EngineMethods> = EngineMethods[K]['progress'];

export interface Engine {
  call<K extends keyof EngineMethods>(
    method: K,
    params: EngineMethods[K]['params'],
    options?: CallOptions<Progress<K>>,
  ): Promise<EngineMethods[K]['result']>;
  /** Process id while a child lives: for tests and for "Show Engine Status". */
  readonly pid: number | undefined;
  dispose(): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly client: Client<EngineMethods>;
}

export function createEngine(options: EngineOptions): Engine {
  let running: Running | undefined;
  let active = 0;
  let idleTimer: NodeJS.Timeout | undefined;

  const start = (): Running => {
    const child = fork(options.modulePath, [], {
      serialization: 'advanced',
      execArgv: [], // the host may run under a debugger; its flags are not the child's
      env: { ...cleanEnvironment(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const tail = followStderr(child, options.onLog);
    const started: Running = { child, client: createClient<EngineMethods>(processChannel(child, tail)) };
    const forget = (): void => {
      if (running === started) running = undefined;
    };
    child.once('exit', forget);
    child.once('error', forget);
    return started;
  };

  const stop = (): void => {
    clearTimeout(idleTimer);
    running?.child.kill();
    running = undefined;
  };

  return {
    get pid() {
      return running?.child.pid;
    },
    async call(method, params, callOptions = {}) {
      clearTimeout(idleTimer);
      running ??= start();
      const { child, client } = running;
      active++;
      const grace = killAfterGrace(child, callOptions.signal, options.graceMs ?? 10_000);
      try {
        return await client.call(method, params, callOptions);
      } finally {
        grace.clear();
        active--;
        if (active === 0) {
          idleTimer = setTimeout(stop, options.idleMs ?? 120_000);
          idleTimer.unref();
        }
      }
    },
    dispose: stop,
  };
}

/** Ask first, then kill: a child deep in a kernel does not see the cancel message. */
function killAfterGrace(
  child: ChildProcess,
  signal: AbortSignal | undefined,
  graceMs: number,
): { clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal?.addEventListener('abort', arm, { once: true });
  return {
    clear() {
      signal?.removeEventListener('abort', arm);
      clearTimeout(timer);
    },
  };
}

/** NODE_OPTIONS of a host under debug would stop the child at its first line. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _debug, VSCODE_INSPECTOR_OPTIONS: _inspector, ...rest } = process.env;
  return rest;
}

/** Passes lines on and remembers the last ones, for the message when the child dies. */
function followStderr(child: ChildProcess, onLog: ((line: string) => void) | undefined): () => string {
  const last: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      for (const line of text.split('\n').filter((part) => part.trim() !== '')) {
        onLog?.(line);
        last.push(line);
        if (last.length > 5) last.shift();
      }
    });
  }
  return () => last.join(' | ');
}

function processChannel(child: ChildProcess, tail: () => string): Channel {
  return {
    send(message) {
      // A send to a dead child is answered by onClose; the callback keeps the error from being thrown.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage(listener) {
      child.on('message', (message) => listener(message as Message));
    },
    onClose(listener) {
      // Not `exit`: only now all that the child wrote has been read.
      child.once('close', (code, signal) => listener(died(code, signal, tail())));
      child.once('error', (error) => listener(died(null, null, error.message)));
    },
  };
}

function died(code: number | null, signal: string | null, detail: string): BitLensError {
  const how = signal ?? (code === null ? 'not started' : `exit code ${code}`);
  const hint = 'What was measured until then is kept; run the command again to go on.';
  return detail === ''
    ? new BitLensError('engine-died', ['The analysis engine stopped unexpectedly ({0}).', how], [hint])
    : new BitLensError(
        'engine-died',
        ['The analysis engine stopped unexpectedly ({0}): {1}.', how, detail],
        [hint],
      );
}
