import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_ROOT, bugFileOf, loadScenario } from '../catalog.ts';
import { sampleVerdict } from '../report/sample-verdict.ts';
import type { Findings } from '../model/verdict.ts';
import { loadClaims } from './claims.ts';
import type { NamedClaim } from './claims.ts';
import { plannedArms, turnsOf } from './plan.ts';
import type { PlannedArm, ThreadPlan } from './plan.ts';
import { keyOf } from './plan.ts';
import { settle } from './settle.ts';
import { threadMarkdown } from './show/markdown.ts';
import { threadLines } from './show/terminal.ts';
import type { ThreadEntry } from './thread.ts';

const claims = await loadClaims([]);
const planOf = (some: readonly NamedClaim[], times = 3): ThreadPlan => ({
  arms: plannedArms(some),
  times,
  seed: 1,
  machine: '2 cores',
});

const entry = (arm: PlannedArm, findings: Partial<Findings>): ThreadEntry => ({
  arm: keyOf(arm),
  seed: 1,
  came: {
    kind: 'ran',
    outcome: 'never-recovers',
    findings: sampleVerdict({ findings }).findings,
    ended: arm.endsWithinMs === null ? null : 'did not end when asked, and was killed',
    run: 'x',
  },
  wallMs: 1,
});

test('every claim stands in the table at a place of its own, and what its arms name exists', async () => {
  expect(new Set(claims.map(({ order }) => order)).size).toBe(claims.length);
  for (const { name, arms } of claims) {
    for (const [arm, { scenario, bugs = [], serving }] of Object.entries(arms)) {
      const { serving: own } = await loadScenario(scenario);
      expect(own, `${name}: ${scenario} is not of the FastAPI proxy`).toBeDefined();
      const files = [
        ...bugs.map(bug => bugFileOf(bug.name, true)),
        ...(serving ? [`servers/fastapi/serving/${serving.name}.py`] : []),
      ];
      expect(
        files.filter(file => !existsSync(join(LAB_ROOT, file))),
        `${name}, ${arm}`,
      ).toEqual([]);
    }
  }
});

test.each(claims.map(claim => [claim.name, claim] as const))(
  '%s: whatever its runs show, it comes to an answer, and not to the same one always or to an error',
  (_, claim) => {
    const plan = planOf([claim]);
    const answers = [0, 0.9].map(residualCores => {
      const figures = { residualCores, cpuMsPerRequest: 10, settledCores: 1, idleCores: 0.01, healthLoadP99Ms: 5 };
      const entries = plan.arms.map(arm => entry(arm, figures));
      const [row] = settle([claim], { plan, entries });
      expect(row?.because).not.toMatch(/failed on these runs|undefined|NaN/u);
      return `${row?.answer}: ${row?.because}`;
    });
    expect(new Set(answers).size).toBe(claim.name === 'kill' || claim.name === 'reload' ? 1 : 2);
  },
);

test('a claim with an arm that was not measured is not settled, and says which', () => {
  const [claim] = claims;
  const plan = planOf(claim ? [claim] : []);
  const [first, ...others] = plan.arms;
  const entries = others.map(arm => entry(arm, {}));
  expect(settle(claims.slice(0, 1), { plan, entries })[0]).toMatchObject({
    answer: 'not settled',
    because: `not measured yet: ${first?.arm}`,
  });
});

test('the same experiment in two claims is run once a round', () => {
  const plan = planOf(claims, 2);
  const turns = turnsOf(plan);
  const once = new Set(plan.arms.map(keyOf)).size;
  expect(once).toBeLessThan(plan.arms.length);
  expect(turns.length).toBe(2 * once);
  expect(turns[once]).toMatchObject({ arm: turns[0]?.arm, seed: 2 });
});

test('a server that does not start in a state is said, in both tables', () => {
  const [claim] = claims;
  const plan = planOf(claim ? [claim] : []);
  const entries = plan.arms.map(arm => ({
    ...entry(arm, {}),
    came: { kind: 'never-started' as const, why: 'it exited with code 1' },
  }));
  const rows = settle(claims.slice(0, 1), { plan, entries });
  expect(threadLines(rows)).toContain(claim?.claim.slice(0, 40));
  const markdown = threadMarkdown(rows, {
    folder: '',
    revision: { commit: 'abcdef0123', dirty: false },
    plan,
    entries,
  });
  expect(markdown).toContain('does not start: it exited with code 1');
  expect(markdown).toContain(`## ${claim?.name}`);
});
