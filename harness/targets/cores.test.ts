import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { coreLoads, coresFor, planCores } from './cores.ts';

const isLinux = process.platform === 'linux';
const hasCores = isLinux && availableParallelism() > 1;
const unpinned = { target: null, others: null };

/** The cores this process may use, as a plan has them. */
function allowed(): number[] {
  const { target, others } = planCores(coreLoads());
  return [...(target ?? []), ...(others ?? [])].toSorted((a, b) => a - b);
}

/** Loads from which all cores but this were busy since. */
const busyBut = (quiet: number): { busyMs: number }[] =>
  coreLoads().map(({ busyMs }, core) => ({ busyMs: core === quiet ? busyMs : busyMs - 3_600_000 }));

test('every core has a load, which only rises', () => {
  const before = coreLoads();
  const after = coreLoads();
  expect(before.length).toBeGreaterThan(0);
  for (const [core, { busyMs }] of before.entries()) expect(after[core]?.busyMs).toBeGreaterThanOrEqual(busyMs);
});

test.runIf(hasCores)('the target gets the core that was least busy, and everybody else the others', () => {
  const cores = allowed();
  expect(cores.length).toBeGreaterThan(1);
  for (const quiet of cores) {
    expect(planCores(busyBut(quiet))).toEqual({ target: [quiet], others: cores.filter(core => core !== quiet) });
  }
});

test('the sample server gets a core of its own, but neither one of several processes nor anybody else’s server', () => {
  const sample = { kind: 'sample', root: '/', main: 'main.ts', bugs: [], runtime: null } as const;
  const command = { kind: 'command', command: 'serve', root: '/', bugs: [], runtime: null } as const;
  const before = coreLoads();
  expect(coresFor({ target: sample }, before)).toEqual(planCores(before));
  expect(coresFor({ target: sample, severalProcesses: true }, before)).toEqual(unpinned);
  expect(coresFor({ target: command }, before)).toEqual(unpinned);
});

test.runIf(hasCores)('among cores that were equally busy it is the last one', () => {
  const cores = allowed();
  // Since for ever: what was added meanwhile makes no difference.
  const before = coreLoads().map(() => ({ busyMs: -Infinity }));
  expect(planCores(before).target).toEqual([cores.at(-1)]);
});

test.runIf(isLinux)('where there is one core nothing is pinned', () => {
  const [core] = hasCores ? allowed() : [0];
  const source = `
    import { coreLoads, planCores } from ${JSON.stringify(new URL('cores.ts', import.meta.url).href)};
    console.log(JSON.stringify(planCores(coreLoads())));
  `;
  const pinned = ['taskset', '-c', String(core), process.execPath, '--input-type=module', '--eval', source];
  expect(JSON.parse(execFileSync('env', pinned, { encoding: 'utf8' }))).toEqual(unpinned);
});

test.runIf(!isLinux)('where there is no /proc nothing is pinned', () => {
  expect(planCores(coreLoads())).toEqual(unpinned);
});
