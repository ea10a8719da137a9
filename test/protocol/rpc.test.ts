import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { createClient, PROTOCOL_VERSION, serve, type Channel, type Message } from '../../src/protocol/rpc.ts';

interface TestMethods {
  readonly double: { readonly params: number; readonly result: number; readonly progress: string };
  readonly wait: { readonly params: null; readonly result: string; readonly progress: never };
}

interface End extends Channel {
  close(reason: BitLensError): void;
}

/** Two ends of a pipe that copies messages, as a process border does. */
function pipe(): [End, End] {
  const ends = [0, 1].map(() => ({
    listeners: [] as ((message: Message) => void)[],
    closers: [] as ((reason: BitLensError) => void)[],
  }));
  const make = (own: number): End => ({
    send: (message) =>
      queueMicrotask(() => ends[1 - own]!.listeners.forEach((listen) => listen(structuredClone(message)))),
    onMessage: (listener) => ends[own]!.listeners.push(listener),
    onClose: (listener) => ends[own]!.closers.push(listener),
    close: (reason) => ends.forEach(({ closers }) => closers.forEach((closer) => closer(reason))),
  });
  return [make(0), make(1)];
}

function connect() {
  const [near, far] = pipe();
  serve<TestMethods>(far, {
    double(params, { report }) {
      if (params < 0)
        throw new BitLensError('bad-option', ['{0} is negative.', params], ['Give a positive number.']);
      report('half way');
      return Promise.resolve(params * 2);
    },
    wait: (_params, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve('stopped'), { once: true })),
  });
  return { client: createClient<TestMethods>(near), near };
}

test('a request is answered, with progress on the way', async () => {
  const seen: string[] = [];
  assert.equal(await connect().client.call('double', 21, { onProgress: (text) => seen.push(text) }), 42);
  assert.deepEqual(seen, ['half way']);
});

test('an error arrives with its kind, sentence and hint', async () => {
  await assert.rejects(connect().client.call('double', -1), (error) => {
    return (
      BitLensError.is(error, 'bad-option') && error.message === '-1 is negative. Give a positive number.'
    );
  });
});

test('an abort reaches the handler, whose answer still arrives', async () => {
  const controller = new AbortController();
  const answer = connect().client.call('wait', null, { signal: controller.signal });
  controller.abort();
  assert.equal(await answer, 'stopped');
});

test('closing fails every pending request and every later one, with the reason', async () => {
  const { client, near } = connect();
  const pending = client.call('wait', null);
  near.close(new BitLensError('engine-died', ['gone']));
  await assert.rejects(pending, /gone/);
  await assert.rejects(client.call('double', 1), /gone/);
});

test('an unknown method is an error, not silence', async () => {
  const { client } = connect();
  await assert.rejects(client.call('triple' as 'double', 1), /Unknown request/);
});

test('another protocol version is refused with a hint', async () => {
  const [near, far] = pipe();
  const client = createClient<TestMethods>(near);
  const pending = client.call('double', 1);
  far.send({ t: 'hello', version: PROTOCOL_VERSION + 1 });
  await assert.rejects(pending, /Reload the window/);
});
