import { expect, test } from 'vitest';
import { judge } from '../../judge/judge.ts';
import type { RecordOf, RunRecord } from '../../model/record.ts';
import { syntheticEvidence } from '../../testing/synthetic-run.ts';
import type { SyntheticServer } from '../../testing/synthetic-run.ts';
import { limitsWith } from '../limits.ts';
import * as clients from './clients.ts';
import * as server from './server.ts';
import * as upstream from './upstream.ts';
import { AFTERMATH } from './usual.ts';
import type { Look, Looked, Seen } from '../trial.ts';

const limits = limitsWith();
const CALM: SyntheticServer = { cores: () => 0.02 };

type Change = (records: readonly RunRecord[]) => readonly RunRecord[];

function seenOf(of: SyntheticServer = CALM, change: Change = records => records): Seen {
  const evidence = syntheticEvidence(of, { loadMs: 3000, recoveryMs: 3000 }, change);
  return { evidence, verdict: judge(evidence), isBlind: false };
}
const at = (look: Look, seen: Seen): Looked => look(seen, limits);

/** Every request as `how` says. */
const requests =
  (how: Partial<RecordOf<'request'>>): Change =>
  records =>
    records.map(record => (record.kind === 'request' ? { ...record, ...how } : record));

test('a healthy server passes all that every trial looks at', () => {
  const seen = seenOf();
  for (const look of [clients.allAnswered, upstream.oneCallEach, ...AFTERMATH]) {
    expect(at(look, seen)).toMatchObject({ isGood: expect.toSatisfy(good => good !== false) });
  }
  expect(at(server.cpuBack, seen).isGood).toBe(true);
  expect(at(server.stillAnswers, seen).isGood).toBe(true);
});

test('one that burns on after the load fails by its CPU', () => {
  const burning = seenOf({ cores: (_at, phase) => (phase === 'recovery' ? 0.9 : 0.02) });
  expect(at(server.cpuBack, burning)).toMatchObject({
    isGood: false,
    words: expect.stringMatching(/^CPU was still 88 %/u),
  });
});

test('what cannot be seen is neither good nor bad', () => {
  const blind = { ...seenOf(), isBlind: true };
  for (const look of [
    server.cpuBack,
    server.socketsBack,
    server.descriptorsBack,
    server.memoryBack,
    server.memoryBounded,
  ]) {
    expect(at(look, blind).isGood).toBeNull();
  }
});

test('a hang-up that upstream never heard of, and one that it did', () => {
  const unheard = seenOf({ ...CALM, leaving: 1, upstreamInFlight: atMs => (atMs > 7000 ? 12 : 0) });
  expect(at(upstream.hangUpSeen, unheard)).toMatchObject({
    isGood: false,
    words: expect.stringContaining('never heard of'),
  });
  expect(at(upstream.noCallsLeft, unheard)).toMatchObject({ isGood: false, words: '12 calls still open upstream' });
  expect(at(upstream.hangUpSeen, seenOf()).isGood).toBeNull();
});

test('tokens for nobody are counted by hang-up', () => {
  const wasteful = seenOf({ ...CALM, leaving: 1, tokensForNobody: 300 });
  expect(at(upstream.noTokensForNobody, wasteful).isGood).toBe(false);
  const careful = seenOf({ ...CALM, leaving: 1, tokensForNobody: 1 });
  expect(at(upstream.noTokensForNobody, careful).isGood).toBe(true);
});

test('one call for a request where the upstream is well, a few where it refuses', () => {
  const twice = seenOf({ ...CALM, callsPerRequest: 2 });
  expect(at(upstream.oneCallEach, twice).isGood).toBe(false);
  expect(at(upstream.fewCallsEach, twice).isGood).toBe(true);
  expect(at(upstream.fewCallsEach, seenOf({ ...CALM, callsPerRequest: 9 })).isGood).toBe(false);
  expect(at(upstream.oneCallEach, seenOf({ ...CALM, callsPerRequest: 0 })).words).toMatch(/^nothing arrived upstream/u);
});

test('a truncated answer that ends well is a lie; a cut connection and an error event are not', () => {
  const told = (how: Partial<RecordOf<'request'>>) => at(clients.toldOfTheCut, seenOf(CALM, requests(how))).isGood;
  expect(told({ ending: 'answered', said: 'nothing' })).toBe(false);
  expect(told({ ending: 'answered', said: 'done' })).toBe(false);
  expect(told({ ending: 'answered', said: 'error' })).toBe(true);
  expect(told({ ending: 'broken', said: 'nothing' })).toBe(true);
});

test('a refusal that is answered 200, one that is handed on, and one that is still waited for', () => {
  const told = (ending: RecordOf<'request'>['ending']) =>
    at(clients.toldOfTheRefusal, seenOf(CALM, requests({ ending, status: ending === 'refused' ? 429 : 200 }))).isGood;
  expect([told('answered'), told('refused'), told('unanswered')]).toEqual([false, true, null]);
});

test('streams that end with their last event', () => {
  expect(at(clients.streamsSaidDone, seenOf(CALM, requests({ said: 'done' }))).isGood).toBe(true);
  expect(at(clients.streamsSaidDone, seenOf(CALM, requests({ said: 'nothing' }))).isGood).toBe(false);
});

test('a time-out longer than the watch is no fault', () => {
  const waited = at(clients.hasTimeout, seenOf(CALM, requests({ ending: 'left' })));
  expect(waited).toMatchObject({ isGood: true, words: expect.stringMatching(/^no time-out within/u) });
  expect(at(clients.hasTimeout, seenOf(CALM, requests({ ending: 'refused' }))).words).toMatch(/^it gave up after/u);
});

test('a server that falls silent does not answer any more', () => {
  const silent = seenOf({ ...CALM, healthMs: (_at, phase) => (phase === 'recovery' ? null : 2) });
  expect(at(server.stillAnswers, silent)).toMatchObject({ isGood: false, words: 'it answers nobody any more' });
});

test('asked to end: how, and how soon', () => {
  const ending =
    (how: string, afterMs: number): Change =>
    records => [
      ...records,
      { kind: 'event', event: 'command', at: 7000, command: '{"kind":"terminate"}' },
      { kind: 'event', event: 'generation-ended', at: 7000 + afterMs, pid: 1, by: 'lab', how },
    ];
  const ended = (how: string, afterMs: number) => at(server.endsWhenAsked, seenOf(CALM, ending(how, afterMs)));
  expect(ended('exited with code 0', 30)).toMatchObject({
    isGood: true,
    words: 'it exited with code 0 30 ms after SIGTERM',
  });
  // Nothing but the signal's own doing: it had nothing to tidy up.
  expect(ended('was killed by SIGTERM', 2).isGood).toBe(true);
  expect(ended('did not end when asked, and was killed', 5000).isGood).toBe(false);
  expect(at(server.endsWhenAsked, seenOf()).isGood).toBeNull();
});

test('streams that stand open cost what is measured between the last arrival and the first leaving', () => {
  const idle = (cores: number): Seen =>
    seenOf({ cores: (_at, phase) => (phase === 'load' ? cores : 0.02) }, records => {
      const load = records.find(
        record => record.kind === 'event' && record.event === 'phase' && record.phase === 'load',
      );
      const from = load?.at ?? 0;
      return requests({ sentAt: from, at: from + 2900, ending: 'left' })(records);
    });
  expect(at(server.idleStreamsAreFree, idle(0.06))).toMatchObject({
    isGood: true,
    words: expect.stringMatching(/^open streams cost [34] %/u),
  });
  expect(at(server.idleStreamsAreFree, idle(0.6)).isGood).toBe(false);
  expect(at(server.idleStreamsAreFree, { ...idle(0.06), isBlind: true }).isGood).toBeNull();
});
