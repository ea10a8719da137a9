// Requests over any message channel: ids, results, errors, cancellation, progress. The first message each way is a
// version handshake, every request is answered (value, error or "stopped"), and closing the channel fails all that
// is pending. Knows nothing of what is asked; engine.ts does.

import { BitLensError, type WireError } from '../core/errors.ts';

/** Both ends come from one build; a mismatch means a stale process. */
export const PROTOCOL_VERSION = 1;

export type Message =
  | { readonly t: 'hello'; readonly version: number }
  | { readonly t: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'progress'; readonly id: number; readonly snapshot: unknown }
  | { readonly t: 'result'; readonly id: number; readonly value: unknown }
  | { readonly t: 'error'; readonly id: number; readonly error: WireError };

/** A pipe of messages, whatever carries it. */
export interface Channel {
  send(message: Message): void;
  onMessage(listener: (message: Message) => void): void;
  /** Called once, with the reason, when nothing more can be sent or received. */
  onClose(listener: (reason: BitLensError) => void): void;
}

/** Method name → what is asked, what comes back, and the snapshots on the way. */
export type Methods<M> = {
  readonly [K in keyof M]: { readonly params: unknown; readonly result: unknown; readonly progress: unknown };
};

export interface CallOptions<Progress> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((snapshot: Progress) => void) | undefined;
}

/** The asking end. */
export interface Client<M extends Methods<M>> {
  call<K extends keyof M & string>(
    method: K,
    params: M[K]['params'],
    options?: CallOptions<M[K]['progress']>,
  ): Promise<M[K]['result']>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onProgress(snapshot: unknown): void;
}

export function createClient<M extends Methods<M>>(channel: Channel): Client<M> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let closed: BitLensError | undefined;

  const close = (reason: BitLensError): void => {
    closed ??= reason;
    for (const waiting of pending.values()) waiting.reject(closed);
    pending.clear();
  };

  channel.onClose(close);
  channel.onMessage((message) => {
    switch (message.t) {
      case 'hello':
        if (message.version !== PROTOCOL_VERSION) close(versionMismatch(message.version));
        break;
      case 'progress':
        pending.get(message.id)?.onProgress(message.snapshot);
        break;
      case 'result':
        pending.get(message.id)?.resolve(message.value);
        pending.delete(message.id);
        break;
      case 'error':
        pending.get(message.id)?.reject(BitLensError.fromWire(message.error));
        pending.delete(message.id);
        break;
      default: // requests and cancels are for the other end
    }
  });
  channel.send({ t: 'hello', version: PROTOCOL_VERSION });

  return {
    call<K extends keyof M & string>(
      method: K,
      params: M[K]['params'],
      options: CallOptions<M[K]['progress']> = {},
    ) {
      return new Promise<M[K]['result']>((resolve, reject) => {
        if (closed) return reject(closed);
        if (options.signal?.aborted) return reject(new BitLensError('cancelled', ['Cancelled.']));
        const id = nextId++;
        const cancel = (): void => channel.send({ t: 'cancel', id });
        const settle = <T>(finish: (value: T) => void) => {
          return (value: T): void => {
            options.signal?.removeEventListener('abort', cancel);
            finish(value);
          };
        };
        pending.set(id, {
          resolve: settle(resolve),
          reject: settle(reject),
          onProgress: (snapshot) => options.onProgress?.(snapshot),
        });
        options.signal?.addEventListener('abort', cancel, { once: true });
        channel.send({ t: 'request', id, method, params });
      });
    },
  };
}

/** What a handler gets besides its parameters. */
export interface CallContext<Progress> {
  readonly signal: AbortSignal;
  report(snapshot: Progress): void;
}

export type Handlers<M extends Methods<M>> = {
  readonly [K in keyof M]: (
    params: M[K]['params'],
    context: CallContext<M[K]['progress']>,
  ) => Promise<M[K]['result']>;
};

/** The answering end: every request gets exactly one result or error. */
export function serve<M extends Methods<M>>(channel: Channel, handlers: Handlers<M>): void {
  const running = new Map<number, AbortController>();
  channel.onClose(() => running.forEach((controller) => controller.abort()));
  channel.send({ t: 'hello', version: PROTOCOL_VERSION });
  channel.onMessage((message) => {
    if (message.t === 'cancel') running.get(message.id)?.abort();
    if (message.t === 'request') void answer(message.id, message.method, message.params);
  });

  async function answer(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (!Object.hasOwn(handlers, method)) {
        throw new BitLensError('internal', ['Unknown request “{0}”.', method]);
      }
      const handler = handlers[method as keyof M];
      const value = await handler(params, {
        signal: controller.signal,
        report: (snapshot) => channel.send({ t: 'progress', id, snapshot }),
      });
      channel.send({ t: 'result', id, value });
    } catch (error) {
      channel.send({ t: 'error', id, error: BitLensError.from(error).toWire() });
    } finally {
      running.delete(id);
    }
  }
}

function versionMismatch(version: number): BitLensError {
  return new BitLensError(
    'engine-died',
    ['The engine speaks protocol {0}, not {1}.', version, PROTOCOL_VERSION],
    ['Reload the window so that both come from the same version.'],
  );
}
