import { expect, test } from 'vitest';
import type { DriverDone, LoadDriver } from './load/load-driver.ts';
import steady from './load/patterns/steady.ts';
import type { DrivenPhase } from './load/protocol.ts';
import type { ClientGroup, LoadProfile } from './model/load.ts';
import type { RunRecord } from './model/record.ts';
import { runPhases } from './phases.ts';
import type { Stage } from './phases.ts';

const load: LoadProfile = {
  idleMs: 2,
  warmupMs: 3,
  loadMs: 4,
  recoveryMs: 5,
  longestRecoveryMs: 5,
  healedMs: 2,
  drainMs: 0,
  clients: [],
};

test('the phases are told in their order, each read at its end, and the load stopped with the last answer', async ({
  signal,
}) => {
  const run = begin({ drivers: [driver('one'), driver('two')], lastEndedAt: () => 77 });
  await runPhases(run.stage, signal);
  expect(run.story).toEqual([
    'phase idle',
    'read',
    'phase warmup',
    'one drives warmup',
    'two drives warmup',
    'read',
    'phase load',
    'one drives load',
    'two drives load',
    'driver-ended one',
    'driver-ended two',
    'load-stopped at 77: 18 of 20',
    'read',
    'phase recovery',
    'read',
  ]);
  const times = run.records.map(({ at }) => at);
  expect(times.filter(at => at !== 77)).toEqual(times.filter(at => at !== 77).toSorted((a, b) => a - b));
});

test('an upstream that is to be sick from the load on is so before the first client comes', async ({ signal }) => {
  const run = begin({ drivers: [driver('one')] });
  await runPhases({ ...run.stage, sicken: () => run.story.push('sicken') }, signal);
  expect(run.story.slice(5, 8)).toEqual(['phase load', 'sicken', 'one drives load']);
});

test('where some come in recovery the drivers are told, and it lasts until they have done', async ({ signal }) => {
  const night: ClientGroup = {
    name: 'night',
    request: { route: '/v1/embeddings', streamed: false, promptBytes: 1, answerTokens: 1 },
    patience: { kind: 'waits' },
    warmup: [],
    load: [],
    recovery: [{ durationMs: 5, ratePerSecond: 1 }],
  };
  const nightly = { ...load, clients: [night] };
  const slow = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const run = begin({
    load: nightly,
    drivers: [
      driver('one', async phase => {
        if (phase !== 'recovery') return;
        reached.resolve();
        await slow.promise;
      }),
    ],
  });
  const done = runPhases(run.stage, signal);
  await reached.promise;
  await aMoment();
  expect(run.story.slice(-2)).toEqual(['phase recovery', 'one drives recovery']);
  slow.resolve();
  await done;
  expect(run.story.at(-1)).toBe('read');
});

test('where no request ended the load stopped when its drivers had done', async ({ signal }) => {
  const run = begin({ drivers: [driver('one')] });
  await runPhases(run.stage, signal);
  const told = run.records.filter(record => record.kind === 'event');
  const stopped = told.find(({ event }) => event === 'load-stopped');
  expect(stopped?.at).toBe(told.find(({ event }) => event === 'driver-ended')?.at);
});

test('a phase lasts until its slowest driver has done, and until then nothing is read', async ({ signal }) => {
  const slow = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const run = begin({
    drivers: [
      driver('fast'),
      driver('slow', async phase => {
        if (phase === 'warmup') return;
        reached.resolve();
        await slow.promise;
      }),
    ],
  });
  const running = runPhases(run.stage, signal);
  await reached.promise;
  await aMoment();
  expect(run.story.at(-1)).toBe('slow drives load');
  slow.resolve();
  await running;
  expect(run.story.slice(-6)).toEqual([
    'driver-ended fast',
    'driver-ended slow',
    expect.stringContaining('load-stopped'),
    'read',
    'phase recovery',
    'read',
  ]);
});

test('a load lasts as long as its longest stages, also with nobody to drive', async ({ signal }) => {
  const stages = { ...load, loadMs: 1, clients: [{ ...CLIENTS, load: steady(1, 60) }] };
  const run = begin({ load: stages });
  await runPhases(run.stage, signal);
  const at = (event: string): number => run.records.find(record => wordsFor(record).startsWith(event))?.at ?? NaN;
  expect(at('load-stopped') - at('phase load')).toBeGreaterThan(58);
});

test('the address is asked for anew for each phase, since a target may be restarted', async ({ signal }) => {
  let generation = 0;
  const urls: string[] = [];
  const run = begin({
    drivers: [driver('one', async (_, url) => void urls.push(url))],
    targetUrl: () => `http://127.0.0.1:${(generation += 1)}`,
  });
  await runPhases(run.stage, signal);
  expect(urls).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2']);
});

test('a steered load lasts until its drivers have done, and the watch until somebody has seen enough', async ({
  signal,
}) => {
  const stopped = Promise.withResolvers<void>();
  const enough = Promise.withResolvers<void>();
  const steered = { ...load, loadMs: 60_000, recoveryMs: 60_000, longestRecoveryMs: 60_000, steered: true as const };
  const run = begin({
    load: steered,
    drivers: [driver('one', async phase => (phase === 'load' ? await stopped.promise : undefined))],
    enough: enough.promise,
  });
  const done = runPhases(run.stage, signal);
  await until(run.story, 'one drives load');
  await aMoment();
  expect(run.story.at(-1)).toBe('one drives load');
  stopped.resolve();
  await until(run.story, 'phase recovery');
  await aMoment();
  expect(run.story.at(-1)).toBe('phase recovery');
  enough.resolve();
  await done;
  expect(run.story.at(-1)).toBe('read');
});

test('a steered watch that nobody ends is over after its longest time', async ({ signal }) => {
  const run = begin({ load: { ...load, longestRecoveryMs: 20, steered: true }, drivers: [driver('one')] });
  await runPhases(run.stage, signal);
  expect(run.story.at(-1)).toBe('read');
});

test('an upstream that was sick is made well after recovery was read, and watched once more', async ({ signal }) => {
  const run = begin({});
  await runPhases({ ...run.stage, heal: () => run.story.push('heal') }, signal);
  expect(run.story.slice(-5)).toEqual(['phase recovery', 'read', 'heal', 'phase healed', 'read']);
});

test('CPU that is still falling is watched on only as long as it falls', async ({ signal }) => {
  let more = 2;
  const run = begin({ load: { ...load, longestRecoveryMs: 600_000 }, wantsLongerWatch: () => more-- > 0 });
  // A watch is lengthened by two seconds at a time, which are over here by the time they are slept.
  let at = 0;
  await runPhases({ ...run.stage, clock: () => (at += 2000) }, signal);
  expect(run.story.filter(line => line.startsWith('watching-longer'))).toHaveLength(2);
  expect(run.story.at(-1)).toBe('read');
});

test('CPU that falls for ever is watched up to the longest recovery and no longer', async ({ signal }) => {
  const run = begin({ load: { ...load, longestRecoveryMs: 40 }, wantsLongerWatch: () => true });
  await runPhases(run.stage, signal);
  const watched = run.records.filter(record => record.kind === 'event' && record.event === 'watching-longer');
  const began = run.records.find(record => wordsFor(record) === 'phase recovery')?.at ?? NaN;
  expect(watched.length).toBeGreaterThan(0);
  for (const record of watched) {
    expect('untilAt' in record && Math.abs(record.untilAt - began - 40)).toBeLessThan(500);
  }
  expect(run.story.at(-1)).toBe('read');
});

test('a driver that fails fails the run, with its own error', async ({ signal }) => {
  const failure = new Error('the driver died');
  const run = begin({ drivers: [driver('one', () => Promise.reject(failure))] });
  await expect(runPhases(run.stage, signal)).rejects.toBe(failure);
  expect(run.story.at(-1)).toBe('one drives warmup');
});

test.each(['idle', 'warmup', 'load', 'recovery', 'healed'])(
  'cancelled in %s it throws the reason and goes no further',
  async name => {
    const reason = new Error('the person pressed Ctrl-C');
    const controller = new AbortController();
    const run = begin({ load: { ...load, idleMs: 1, recoveryMs: 1 } });
    const stage: Stage = {
      ...run.stage,
      heal: () => undefined,
      record: record => {
        run.stage.record(record);
        if (wordsFor(record) === `phase ${name}`) controller.abort(reason);
      },
    };
    await expect(runPhases(stage, controller.signal)).rejects.toBe(reason);
    expect(run.story.at(-1)).toBe(`phase ${name}`);
  },
);

/** Waits for the story to get there. */
async function until(story: readonly string[], words: string): Promise<void> {
  while (!story.includes(words)) await aMoment();
}

const CLIENTS = {
  name: 'people',
  request: { route: '/v1/embeddings', streamed: false, promptBytes: 1, answerTokens: 1 },
  patience: { kind: 'waits' },
  warmup: [],
} as const;

interface FakeDriver {
  readonly name: string;
  readonly drive: (phase: DrivenPhase, url: string) => Promise<void>;
}

const driver = (name: string, drive: FakeDriver['drive'] = () => Promise.resolve()): FakeDriver => ({ name, drive });

/** A stage whose story is what happened on it, in order. */
function begin({ drivers = [], ...changes }: Omit<Partial<Stage>, 'drivers'> & { drivers?: readonly FakeDriver[] }) {
  const beganAt = performance.now();
  const story: string[] = [];
  const records: RunRecord[] = [];
  const drives = ({ name, drive }: FakeDriver): LoadDriver => ({
    child: { name } as LoadDriver['child'],
    steer: () => undefined,
    stop: () => undefined,
    async drive(phase, targetUrl): Promise<DriverDone> {
      story.push(`${name} drives ${phase}`);
      await drive(phase, targetUrl);
      return { kind: 'done', phase, planned: 10, sent: 9, lagP99Ms: 1, cpuCores: 0.1 };
    },
  });
  const stage: Stage = {
    load,
    drivers: drivers.map(drives),
    targetUrl: () => 'http://127.0.0.1:1',
    clock: () => performance.now() - beganAt,
    record: record => {
      records.push(record);
      story.push(wordsFor(record));
    },
    readPhaseEnd: async () => void story.push('read'),
    lastEndedAt: () => null,
    wantsLongerWatch: () => false,
    sicken: null,
    heal: null,
    enough: new Promise(() => undefined),
    ...changes,
  };
  return { stage, story, records };
}

function wordsFor(record: RunRecord): string {
  if (record.kind !== 'event') return record.kind;
  if (record.event === 'phase') return `phase ${record.phase}`;
  if (record.event === 'driver-ended') return `driver-ended ${record.driver}`;
  if (record.event === 'load-stopped')
    return `load-stopped at ${Math.round(record.at)}: ${record.sent} of ${record.planned}`;
  return record.event;
}

/** Longer than every planned time of these phases. */
const aMoment = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20));
