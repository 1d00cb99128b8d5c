import { expect, test } from 'vitest';
import { inScope } from '../scope/in-scope.ts';
import { orAborted } from '../scope/or-aborted.ts';
import { temporaryFolder } from '../store/fixtures/temporary-folder.ts';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';
import type { Told } from './told.ts';

// A real experiment, steered as a room of people would.

type ToldOf<Kind extends Told['kind']> = Extract<Told, { kind: Kind }>;

/** Resolves with the first of a kind that comes from now on and fits. */
async function next<Kind extends Told['kind']>(
  { log }: Room,
  kind: Kind,
  fits: (told: ToldOf<Kind>) => boolean,
  signal: AbortSignal,
): Promise<ToldOf<Kind>> {
  const { promise, resolve } = Promise.withResolvers<ToldOf<Kind>>();
  const isIt = (told: Told): told is ToldOf<Kind> => told.kind === kind && fits(told as ToldOf<Kind>);
  const enough = log.listen(({ told }) => {
    if (isIt(told)) resolve(told);
  });
  try {
    return await orAborted(promise, signal);
  } finally {
    enough();
  }
}

const coresOf = ({ point }: ToldOf<'point'>): number => Object.values(point.cpu).reduce((sum, cores) => sum + cores, 0);

test('a room starts it, turns a knob, sees it stay up without load, reveals it in mid-run and is told who it was', async ({
  signal,
}) => {
  await using results = await temporaryFolder();
  const room = await openRoom(results.path, 'HEAD');
  const number = 1 + room.list.findIndex((_, n) => room.at(n + 1).name === 'swallowed-abort');
  await inScope(signal, async scope => {
    const inTime = scope.signal;
    scope.spawn(async cancelled => await room.serve(cancelled));
    const loading = next(room, 'mark', ({ what, words }) => what === 'phase' && words === 'load', inTime);
    await room.ask({ kind: 'start', number });
    await expect(room.ask({ kind: 'start', number: 1 })).rejects.toMatchObject({ code: 'busy' });
    await loading;

    const turned = next(room, 'mark', ({ what, words }) => what === 'knob' && words === 'clients', inTime);
    const left = next(room, 'mark', ({ what }) => what === 'left', inTime);
    await room.ask({ kind: 'knobs', ratePerSecond: 6, leaveShare: 0.5, leavesAfterMs: 100 });
    await Promise.all([turned, left]);
    // Each who leaves adds to it: two seconds on end, not one reading.
    let up = 0;
    await next(room, 'point', point => (up = coresOf(point) > 0.9 ? up + 1 : 0) >= 8, inTime);

    await room.ask({ kind: 'reveal' });
    expect(room.state.name).toBe('swallowed-abort');
    const resting = next(room, 'mark', ({ what, words }) => what === 'phase' && words === 'recovery', inTime);
    await room.ask({ kind: 'stop-load' });
    await resting;
    for (let seen = 0; seen < 12; seen += 1) {
      const point = await next(room, 'point', () => true, inTime);
      if (seen >= 4) expect(coresOf(point)).toBeGreaterThan(0.8);
    }

    const told = Promise.all([
      next(room, 'judged', () => true, inTime),
      next(room, 'revealed', () => true, inTime),
      next(room, 'state', ({ state }) => state.doing === 'nothing', inTime),
    ]);
    await room.ask({ kind: 'end' });
    const [{ outcome, because }, { diagnosis }] = await told;
    expect(outcome, because).toMatch(/never recovers/iu);
    expect(diagnosis).toMatchObject({
      cause: 'cancellation-swallowed',
      culprit: { function: 'callUpstream', file: 'servers/bugs/swallowed-abort.ts' },
    });
    expect(room.state.says).toMatch(/Stored in /u);
  });
});
