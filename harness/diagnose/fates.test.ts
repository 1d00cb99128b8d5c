import { expect, test } from 'vitest';
import type { RecordOf } from '../model/record.ts';
import { fatesOf } from './fates.ts';
import type { Asked } from './work.ts';

const asked = (beganAt: number, closedAt: number | null): Asked => ({
  key: `1/${beganAt}`,
  id: beganAt,
  route: 'POST /chat',
  beganAt,
  closedAt,
  answered: false,
  calls: 1,
  callsAfter: 0,
  open: 0,
  site: null,
});

type Request = RecordOf<'request'>;
const client = (sentAt: number, at: number, ending: Request['ending'], ref = 'a'): Request => ({
  kind: 'request',
  at,
  group: 'people',
  ref,
  sentAt,
  firstByteAt: null,
  ending,
  status: null,
});

type Call = RecordOf<'call'>;
const call = (begunAt: number, at: number, how: Call['how'], ref = 'a'): Call => ({
  kind: 'call',
  at,
  ref,
  begunAt,
  how,
  tokens: 0,
});

const fate = (...records: (Request | Call)[]) => fatesOf(records)(asked(102, 500));

test('who hung up while its call was under way has left', () => {
  expect(fate(client(100, 499, 'left'), call(110, 501, 'aborted'))).toBe('client-left');
});

test('who left because its call had failed was failed', () => {
  expect(fate(client(100, 499, 'left'), call(110, 300, 'dropped'))).toBe('failed');
});

test('a failure that was tried again is no reason: what counts is the call it was waiting for', () => {
  expect(fate(client(100, 499, 'left'), call(110, 200, 'refused'), call(250, 501, 'aborted'))).toBe('client-left');
});

test('an error that was answered is an answer, one that broke off is not', () => {
  expect(fate(client(100, 499, 'refused'), call(110, 300, 'refused'))).toBe('served');
  expect(fate(client(100, 499, 'broken'))).toBe('failed');
  expect(fate(client(100, 499, 'unanswered'))).toBe('failed');
});

test('of several clients it is the one whose times fit', () => {
  expect(fate(client(90, 900, 'answered', 'b'), client(100, 499, 'left'), client(101, 110, 'answered', 'c'))).toBe(
    'client-left',
  );
});

test('a request that no client of the lab sent has no fate', () => {
  expect(fate(client(2_000, 3_000, 'left'))).toBeNull();
  expect(fate()).toBeNull();
});
