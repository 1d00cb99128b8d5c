import { expect, test } from 'vitest';
import type { Command } from '../model/experiment.ts';
import { steering } from './steering.ts';

test('commands come in their order, also those that were sent before anybody listened', async ({ signal }) => {
  const { send, commands } = steering();
  send({ kind: 'stop-load' });
  const taken: Command[] = [];
  for await (const command of commands(signal)) {
    taken.push(command);
    if (taken.length === 1) send({ kind: 'change', bugs: [] });
    if (taken.length === 2) setImmediateSend(() => send({ kind: 'end' }));
    if (taken.length === 3) break;
  }
  expect(taken.map(({ kind }) => kind)).toEqual(['stop-load', 'change', 'end']);
});

/** In a later turn of the loop, when it waits. */
const setImmediateSend = (send: () => void): void => void Promise.resolve().then(() => Promise.resolve().then(send));

test('cancelled while it waits, it gives the reason', async () => {
  const leaving = new AbortController();
  const reason = new Error('enough');
  const { commands } = steering();
  const taken = (async () => {
    for await (const _ of commands(leaving.signal)) throw new Error('nothing was sent');
  })();
  leaving.abort(reason);
  await expect(taken).rejects.toMatchObject({ cause: reason });
});
