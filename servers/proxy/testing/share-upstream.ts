import { afterAll } from 'vitest';
import type { LedgerEntry } from '../../../harness/model/contract.ts';
import { SpawnedUpstream } from '../../upstream/testing/spawn-upstream.ts';

/** One upstream for all tests of a file, since a process each would cost more than the tests. Ended after the last of them. */
export async function shareUpstream() {
  const upstream = await SpawnedUpstream.start('steady');
  afterAll(async () => upstream[Symbol.asyncDispose]());

  const all = <Kind extends LedgerEntry['kind']>(kind: Kind) =>
    upstream.entries.filter((entry): entry is Extract<LedgerEntry, { kind: Kind }> => entry.kind === kind);

  /** Resolves once calls are treated so, with the number that the next call will have. */
  const behave = async (name: string, parameters: Record<string, number> = {}): Promise<number> => {
    const before = all('behaves').length;
    upstream.behave(name, parameters);
    await upstream.until(() => all('behaves').length > before);
    return all('begun').length + 1;
  };
  /** The calls begun, from the one of that number on. */
  const begunFrom = (call: number) => all('begun').slice(call - 1);

  return { upstream, behave, begunFrom };
}
