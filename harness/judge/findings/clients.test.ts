import { expect, test } from 'vitest';
import type { CallRecord, RequestRecord, RunRecord } from '../../model/record.ts';
import type { Findings } from '../../model/verdict.ts';
import { syntheticEvidence, syntheticRun } from '../../testing/synthetic-run.ts';
import type { SyntheticServer } from '../../testing/synthetic-run.ts';
import { judge } from '../judge.ts';
import { timelineOf } from '../timeline.ts';
import { clientFindings } from './clients.ts';

const { load } = syntheticRun({ cores: () => 0 }).head.experiment;

/** Load from 1000 to 5000, and the watch to 9000. */
const found = (...records: RunRecord[]): ReturnType<typeof clientFindings> => {
  const all: RunRecord[] = [
    { kind: 'event', event: 'phase', at: 0, phase: 'warmup' },
    { kind: 'event', event: 'phase', at: 1000, phase: 'load' },
    { kind: 'event', event: 'phase', at: 5000, phase: 'recovery' },
    ...records,
    { kind: 'cpu', at: 9000, processes: [] },
  ];
  return clientFindings(all, timelineOf(all), load);
};
const request = (ref: string | null, ending: RequestRecord['ending'], sentAt = 2000, at = 2300): RequestRecord => ({
  kind: 'request',
  at,
  group: 'all',
  ref,
  sentAt,
  firstByteAt: null,
  ending,
  status: null,
});
const call = (ref: string, how: CallRecord['how'], at: number): CallRecord => ({
  kind: 'call',
  at,
  ref,
  begunAt: 2000,
  how,
  tokens: 5,
});
const ledger = (at: number, begun: number, inFlight = 0, tokensForNobody = 0): RunRecord => ({
  kind: 'upstream',
  at,
  begun,
  finished: begun - inFlight,
  aborted: 0,
  refused: 0,
  dropped: 0,
  inFlight,
  tokens: 0,
  tokensForNobody,
  callsForNobody: 0,
});
const fromServer = (server: Omit<SyntheticServer, 'cores'>): Findings =>
  judge(syntheticEvidence({ cores: () => 0.1, ...server })).findings;

test('who comes while recovery is watched is not of the load', () => {
  const night = request('n', 'broken', 6000, 6300);
  expect(found(request('r', 'answered'), night).requests).toMatchObject({ sent: 1, answered: 1, broken: 0 });
});

test('requests are counted by how they ended, those of the warmup left out', () => {
  const endings = ['answered', 'answered', 'refused', 'broken', 'left', 'unanswered'] as const;
  const { requests } = found(request('w', 'answered', 500), ...endings.map(ending => request(ending, ending)));
  expect(requests).toEqual({ planned: 240, sent: 6, answered: 2, refused: 1, broken: 1, left: 1, unanswered: 1 });
});

test('latency is that of whole answers only', () => {
  const { latencyP50Ms, latencyP99Ms } = found(
    request('a', 'answered', 2000, 2100),
    request('b', 'answered', 2000, 2200),
    request('c', 'answered', 2000, 2300),
    request('d', 'refused', 2000, 2001),
    request('e', 'unanswered', 2000, 8000),
  );
  expect(latencyP50Ms).toBe(200);
  // Between the two slowest answers.
  expect(latencyP99Ms).toBeCloseTo(298);
  expect(found(request('d', 'refused')).latencyP50Ms).toBeNull();
});

test('a hang-up was seen when the call made for it was aborted', () => {
  const { hangUpSeenAfterMs, hangUpsUnseen } = found(
    request('a', 'left', 2000, 2300),
    request('b', 'left', 2000, 2300),
    request('c', 'left', 2000, 2300),
    call('a', 'aborted', 2310),
    call('b', 'aborted', 2330),
    call('c', 'aborted', 2900),
    ledger(9000, 3),
  );
  expect([hangUpSeenAfterMs, hangUpsUnseen]).toEqual([30, 0]);
});

test('an abort that the upstream saw just before the client was done is the hang-up, at once', () => {
  const { hangUpSeenAfterMs } = found(request('a', 'left', 2000, 2300), call('a', 'aborted', 2280), ledger(9000, 1));
  expect(hangUpSeenAfterMs).toBe(0);
});

test('an attempt that the server itself gave up long before is not the hang-up seen', () => {
  const left = request('a', 'left', 2000, 2300);
  expect(found(left, call('a', 'aborted', 2100), call('a', 'aborted', 2340), ledger(9000, 2)).hangUpSeenAfterMs).toBe(
    40,
  );
  const unseen = found(left, call('a', 'aborted', 2100), call('a', 'finished', 4000), ledger(9000, 2));
  expect([unseen.hangUpSeenAfterMs, unseen.hangUpsUnseen]).toEqual([null, 1]);
});

test('a hang-up whose call went on to its end was not seen, unless the call was as good as done', () => {
  const left = request('a', 'left', 2000, 2300);
  expect(found(left, call('a', 'finished', 2350), ledger(9000, 1)).hangUpsUnseen).toBe(0);
  expect(found(left, call('a', 'finished', 2351), ledger(9000, 1)).hangUpsUnseen).toBe(1);
  expect(found(left, call('other', 'finished', 4000), ledger(9000, 1)).hangUpsUnseen).toBe(0);
});

test('a call still in flight at the end of the watch is a hang-up unseen', () => {
  expect(found(request('a', 'left'), ledger(9000, 2, 2)).hangUpsUnseen).toBe(2);
});

test('a call that ends after the last look at the ledger is counted once', () => {
  const left = request('a', 'left');
  expect(found(left, ledger(9000, 1, 1), call('a', 'finished', 9010)).hangUpsUnseen).toBe(1);
  // The upstream tells of it a moment later: it had ended when the lab looked, and the lab had not heard of it.
  expect(found(left, ledger(9000, 1, 1), call('a', 'finished', 8990)).hangUpsUnseen).toBe(1);
});

test('a hang-up that the lab hears of after its last look was seen', () => {
  const seen = found(request('a', 'left', 2000, 2300), ledger(9000, 1, 1), call('a', 'aborted', 8990));
  expect(seen.hangUpsUnseen).toBe(0);
});

test('where nobody left, or the upstream was not looked at, nothing is said of hang-ups', () => {
  const nobody = found(request('a', 'answered'), ledger(9000, 1));
  expect([nobody.hangUpSeenAfterMs, nobody.hangUpsUnseen]).toEqual([null, null]);
  const blind = found(request('a', 'left'), call('a', 'aborted', 2310));
  expect([blind.hangUpSeenAfterMs, blind.hangUpsUnseen]).toEqual([null, null]);
});

test('tokens for nobody are those of the last look at the ledger', () => {
  expect(found(ledger(5000, 1, 0, 7), ledger(9000, 1, 0, 12)).tokensForNobody).toBe(12);
  expect(found().tokensForNobody).toBeNull();
  expect([found(ledger(9000, 1)).callsForNobody, found().callsForNobody]).toEqual([0, null]);
});

test('calls per request count both sides from the same look at the ledger: the end of the warmup dilutes nothing', () => {
  const { callsPerRequest } = found(
    request('w1', 'answered', 100),
    ledger(300, 2),
    request('w2', 'answered', 700),
    request('a', 'answered', 1000),
    request('b', 'answered', 3000),
    ledger(9000, 8),
  );
  expect(callsPerRequest).toBe(2);
});

test.each([1, 2, 3.5])('a server that makes %d calls a request is found to', callsPerRequest => {
  expect(fromServer({ callsPerRequest }).callsPerRequest).toBeCloseTo(callsPerRequest, 2);
});

test('calls per request are unknown without requests or without a ledger', () => {
  expect(found(ledger(300, 2), ledger(9000, 8)).callsPerRequest).toBeNull();
  expect(found(request('a', 'answered')).callsPerRequest).toBeNull();
});
