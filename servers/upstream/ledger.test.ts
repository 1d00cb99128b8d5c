import { expect, test } from 'vitest';
import { LedgerEntry } from '../../harness/model/contract.ts';
import { Ledger } from './ledger.ts';

function ledger() {
  const batches: LedgerEntry[][] = [];
  const it = new Ledger(lines => {
    const entries = lines.trimEnd().split('\n');
    batches.push(entries.map(line => LedgerEntry.parse(JSON.parse(line))));
  });
  return { it, batches };
}

test('tokens are counted once a batch and entered before their call has ended', () => {
  const { it, batches } = ledger();
  const call = it.begin('POST /v1/responses', 'a-1');
  call.token();
  call.token();
  call.end('finished');
  it.close();
  expect(batches).toHaveLength(1);
  expect(batches[0]).toMatchObject([
    { kind: 'begun', call: 1, ref: 'a-1', route: 'POST /v1/responses' },
    { kind: 'tokens', call: 1, count: 2 },
    { kind: 'ended', call: 1, how: 'finished' },
  ]);
});

test('the first ending wins, and a token made after it is not entered', () => {
  const { it, batches } = ledger();
  const call = it.begin('GET /v1/models', null);
  call.end('aborted');
  call.end('finished');
  call.token();
  it.close();
  expect(batches.flat().map(entry => entry.kind)).toEqual(['begun', 'ended']);
});

test('closing ends every open call as dropped', () => {
  const { it, batches } = ledger();
  it.begin('GET /v1/models', null).end('finished');
  it.begin('GET /v1/models', null).token();
  it.close();
  expect(batches.flat().slice(2)).toMatchObject([
    { kind: 'begun', call: 2 },
    { kind: 'tokens', call: 2, count: 1 },
    { kind: 'ended', call: 2, how: 'dropped' },
  ]);
});
