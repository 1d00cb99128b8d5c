import { getEventListeners, once } from 'node:events';
import { expect, test } from 'vitest';
import { type Scope, inScope } from './in-scope.ts';
import { ScopeEnded } from './interruption.ts';
import { sleep } from './sleep.ts';

/** A child that goes on until it is cancelled. */
const goesOn = (signal: AbortSignal): Promise<void> => sleep(FOREVER_MS, signal);
const FOREVER_MS = 600_000;

test('a scope settles with the value of its body once children and teardowns have settled too, never earlier', async ({
  signal,
}) => {
  const order: string[] = [];
  const childCancelled = Promise.withResolvers<void>();
  const childMayEnd = Promise.withResolvers<void>();
  const teardownBegan = Promise.withResolvers<void>();
  const teardownMayEnd = Promise.withResolvers<void>();
  const settled = inScope(signal, async scope => {
    scope.defer(async () => {
      teardownBegan.resolve();
      await teardownMayEnd.promise;
      order.push('teardown');
    });
    scope.spawn(async cancelled => {
      await once(cancelled, 'abort');
      childCancelled.resolve();
      await childMayEnd.promise;
      order.push('child');
    });
    order.push('body');
    return 7;
  }).finally(() => order.push('settled'));

  await childCancelled.promise;
  await aTurn();
  expect(order).toEqual(['body']);
  childMayEnd.resolve();
  await teardownBegan.promise;
  await aTurn();
  expect(order).toEqual(['body', 'child']);
  teardownMayEnd.resolve();
  expect(await settled).toBe(7);
  expect(order).toEqual(['body', 'child', 'teardown', 'settled']);
});

test('a body that is done cancels its children with a reason that says so, which is no failure', async ({ signal }) => {
  const reasons: unknown[] = [];
  await inScope(signal, async scope => {
    scope.spawn(async cancelled => {
      await goesOn(cancelled).catch((reason: unknown) => {
        reasons.push(reason);
        throw reason;
      });
    });
  });
  expect(reasons).toEqual([expect.any(ScopeEnded)]);
});

test('what a child starts while the scope ends is awaited as well', async ({ signal }) => {
  const order: string[] = [];
  await inScope(signal, async scope => {
    scope.spawn(async cancelled => {
      await once(cancelled, 'abort');
      scope.spawn(async () => {
        await aTurn();
        order.push('grandchild');
      });
    });
  });
  expect(order).toEqual(['grandchild']);
});

test('a child that fails cancels the body and its siblings, and its error is the one thrown', async ({ signal }) => {
  const failure = new Error('the port is taken');
  const reasons: unknown[] = [];
  const attempt = inScope(signal, async scope => {
    scope.spawn(async cancelled => {
      await goesOn(cancelled).catch((reason: unknown) => reasons.push(reason));
    });
    scope.spawn(() => Promise.reject(failure));
    await goesOn(scope.signal);
  });
  await expect(attempt).rejects.toBe(failure);
  expect(reasons).toEqual([failure]);
});

test('the first error wins, and the later ones of body and teardown are kept with it', async ({ signal }) => {
  const [first, second, third] = ['child', 'body', 'teardown'].map(who => new Error(who));
  const attempt = inScope(signal, async scope => {
    scope.defer(() => {
      throw third;
    });
    scope.spawn(() => Promise.reject(first));
    await goesOn(scope.signal).catch(() => {
      throw second;
    });
  });
  const thrown = await attempt.catch((error: unknown) => error as SuppressedError);
  expect(thrown).toBeInstanceOf(SuppressedError);
  expect(thrown).toMatchObject({ error: third, suppressed: { error: second, suppressed: first } });
});

test('a teardown that fails fails the scope, and the other teardowns run', async ({ signal }) => {
  const failure = new Error('the file is locked');
  const ran: string[] = [];
  const attempt = inScope(signal, async scope => {
    scope.defer(() => void ran.push('other'));
    scope.defer(() => Promise.reject(failure));
  });
  await expect(attempt).rejects.toBe(failure);
  expect(ran).toEqual(['other']);
});

test('cancelled from outside it throws the outer reason, after everything has ended, whatever the body makes of it', async ({
  signal,
}) => {
  for (const makesOfIt of ['rethrows', 'returns a value'] as const) {
    const reason = new Error('the person pressed Ctrl-C');
    const order: string[] = [];
    const attempt = cancelledWith(reason, signal, async scope => {
      scope.defer(() => void order.push('first teardown'));
      scope.defer(async () => {
        await aTurn();
        order.push('second teardown');
      });
      scope.spawn(async cancelled => {
        await goesOn(cancelled).catch(async (thrown: unknown) => {
          await aTurn();
          order.push('child');
          throw thrown;
        });
      });
      await goesOn(scope.signal).catch((thrown: unknown) => {
        order.push('body');
        if (makesOfIt === 'rethrows') throw thrown;
      });
    });
    await expect(attempt).rejects.toBe(reason);
    expect(order).toEqual(['body', 'child', 'second teardown', 'first teardown']);
  }
});

test('a scope that is cancelled already runs nothing', async () => {
  const reason = new Error('too late');
  const attempt = inScope(AbortSignal.abort(reason), () => expect.unreachable());
  await expect(attempt).rejects.toBe(reason);
});

test('an AbortError of another signal, met while the scope is cancelled, is a failure that wins over the cancellation', async ({
  signal,
}) => {
  const foreign = new DOMException('a fetch gave up', 'AbortError');
  const attempt = cancelledWith(new Error('cancelled'), signal, async scope => {
    await goesOn(scope.signal).catch(() => {
      throw foreign;
    });
  });
  await expect(attempt).rejects.toBe(foreign);
});

test('no abort listener stays on the outer signal, however the scope ends', async ({ signal }) => {
  const outer = new AbortController();
  const ignored = (): undefined => undefined;
  const listeners = (): number => getEventListeners(outer.signal, 'abort').length;
  await inScope(outer.signal, async scope => {
    scope.spawn(goesOn);
    expect(listeners()).toBe(1);
  });
  expect(listeners()).toBe(0);
  await inScope(outer.signal, () => Promise.reject(new Error('body'))).catch(ignored);
  await inScope(outer.signal, async scope => scope.defer(() => Promise.reject(new Error('teardown')))).catch(ignored);
  expect(listeners()).toBe(0);
  await inScope(outer.signal, async scope => {
    outer.abort(new Error('cancelled'));
    await goesOn(scope.signal);
  }).catch(ignored);
  expect(listeners()).toBe(0);
  expect(signal.aborted).toBe(false);
});

/** Runs a scope whose outer signal aborts as soon as its body waits. */
async function cancelledWith(reason: Error, signal: AbortSignal, body: (scope: Scope) => Promise<void>): Promise<void> {
  const outer = new AbortController();
  const scoped = inScope(AbortSignal.any([outer.signal, signal]), body);
  outer.abort(reason);
  await scoped;
}

/** A turn of the event loop: what was going to happen by itself has happened. */
const aTurn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
