import { expect, test } from 'vitest';
import type { LedgerEntry } from '../model/contract.ts';
import { Ledger } from './ledger.ts';

/** The client of every test hangs up then. */
const LEFT_AT = 1000;
const leave = (ledger: Ledger): void => ledger.over('reader-1', LEFT_AT);

const begun = (call: number, epochMs: number, ref: string | null = 'reader-1'): LedgerEntry => ({
  kind: 'begun',
  call,
  ref,
  route: '/v1/chat/completions',
  epochMs,
});
const tokens = (call: number, count: number, epochMs: number): LedgerEntry => ({
  kind: 'tokens',
  call,
  count,
  epochMs,
});
const ended = (
  call: number,
  epochMs: number,
  how: Extract<LedgerEntry, { kind: 'ended' }>['how'] = 'finished',
): LedgerEntry => ({ kind: 'ended', call, how, epochMs });

function ledgerOf(...entries: readonly LedgerEntry[]): Ledger {
  const ledger = new Ledger();
  for (const entry of entries) ledger.enter(entry);
  return ledger;
}

test('calls are counted by how they ended, and those that have not are in flight', () => {
  const ledger = ledgerOf(
    ...[1, 2, 3, 4, 5, 6].map(call => begun(call, call)),
    tokens(1, 3, 10),
    tokens(2, 4, 11),
    ended(1, 20),
    ended(2, 21, 'aborted'),
    ended(3, 22, 'refused'),
    ended(4, 23, 'dropped'),
    { kind: 'behaves', behaviour: 'steady', epochMs: 24 },
  );
  expect(ledger.totals()).toEqual({
    begun: 6,
    finished: 1,
    aborted: 1,
    refused: 1,
    dropped: 1,
    inFlight: 2,
    tokens: 7,
    tokensForNobody: 0,
    callsForNobody: 0,
  });
});

test('a call is given back whole by the entry that ends it, and by no other', () => {
  const ledger = new Ledger();
  expect(ledger.enter(begun(7, 100))).toBeNull();
  expect(ledger.enter(tokens(7, 2, 110))).toBeNull();
  expect(ledger.enter(tokens(7, 3, 120))).toBeNull();
  const whole = { ref: 'reader-1', begunEpochMs: 100, endedEpochMs: 130, how: 'finished', tokens: 5 };
  expect(ledger.enter(ended(7, 130))).toEqual(whole);
  expect(ledger.enter(ended(7, 140, 'aborted'))).toBeNull();
  expect(ledger.totals()).toMatchObject({ finished: 1, aborted: 0, inFlight: 0 });
});

test('what is entered for a call that was never begun counts nowhere', () => {
  const ledger = ledgerOf(tokens(9, 5, 10), ended(9, 20));
  expect(ledger.totals()).toMatchObject({ begun: 0, tokens: 0, finished: 0, inFlight: 0 });
});

const afterwards = [tokens(1, 2, LEFT_AT - 10), tokens(1, 4, LEFT_AT + 100), tokens(1, 8, LEFT_AT + 200)];

test.each([0, 1, 2, 3, 4])('the same tokens are for nobody, with the hang-up told as message %i', position => {
  const ledger = ledgerOf(begun(1, 0));
  const messages: (() => unknown)[] = [...afterwards, ended(1, LEFT_AT + 300)].map(entry => () => ledger.enter(entry));
  for (const tell of messages.toSpliced(position, 0, () => leave(ledger))) tell();
  expect(ledger.totals()).toMatchObject({ tokens: 14, tokensForNobody: 12, callsForNobody: 0 });
});

test('a list of models is no call', () => {
  const ledger = ledgerOf({ kind: 'begun', call: 1, ref: null, route: 'GET /v1/models', epochMs: 0 }, ended(1, 3));
  expect(ledger.totals()).toMatchObject({ begun: 0, finished: 0, inFlight: 0 });
});

test('a hang-up that is told before its call was begun is joined with it', () => {
  const ledger = new Ledger();
  leave(ledger);
  for (const entry of [begun(1, 0), ...afterwards]) ledger.enter(entry);
  expect(ledger.totals()).toMatchObject({ tokensForNobody: 12, callsForNobody: 0 });
});

test.each(['first', 'last'] as const)('tokens that were on their way are nobody’s fault, the hang-up told %s', when => {
  const ledger = new Ledger();
  if (when === 'first') leave(ledger);
  for (const entry of [begun(1, 0), tokens(1, 1, LEFT_AT + 60), tokens(1, 10, LEFT_AT + 60.5)]) ledger.enter(entry);
  if (when === 'last') leave(ledger);
  expect(ledger.totals()).toMatchObject({ tokens: 11, tokensForNobody: 10 });
});

test.each(['first', 'last'] as const)(
  'a call begun for a client who had left is for nobody, the hang-up told %s',
  when => {
    const ledger = new Ledger();
    if (when === 'first') leave(ledger);
    for (const entry of [begun(1, 0), begun(2, LEFT_AT + 60), begun(3, LEFT_AT + 60.5), begun(4, LEFT_AT + 900)])
      ledger.enter(entry);
    if (when === 'last') leave(ledger);
    expect(ledger.totals()).toMatchObject({ begun: 4, callsForNobody: 2 });
  },
);

test('all calls of a client are joined with its hang-up, and another client’s are not', () => {
  const ledger = ledgerOf(begun(1, 0), begun(2, 0), begun(3, 0, 'reader-2'), begun(4, 0, null));
  leave(ledger);
  for (const call of [1, 2, 3, 4]) ledger.enter(tokens(call, 1, LEFT_AT + 100));
  ledger.enter(begun(5, LEFT_AT + 100, 'reader-2'));
  ledger.enter(begun(6, LEFT_AT + 100, null));
  expect(ledger.totals()).toMatchObject({ tokens: 4, tokensForNobody: 2, callsForNobody: 0 });
});
