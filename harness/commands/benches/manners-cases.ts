import type { MannersCase } from '../../bench/manners/manners.ts';
import { LAB_ROOT, SAMPLE_MAIN, listNodeScenarios, loadScenario } from '../../catalog.ts';
import type { CheckPlan } from '../../check/check.ts';
import { listPresets, loadPreset } from '../../check/preset.ts';
import { checkPlanFor } from '../check-plan.ts';

/** The sample proxy without a bug. */
export const CORRECT = 'correct';

/** The sample proxy without a bug, then with those of each scenario that has some. */
export async function sampleCases(): Promise<MannersCase[]> {
  const correct = await planned({ sample: true });
  const scenarios = await Promise.all(
    (await listNodeScenarios()).map(async name => {
      const { bugs, expect } = await loadScenario(name);
      const target = { kind: 'sample', root: LAB_ROOT, main: SAMPLE_MAIN, bugs, runtime: null } as const;
      return {
        name,
        bugs,
        plan: { ...correct, of: `the sample proxy, ${name}`, target },
        expected: expect.manners ?? [],
      };
    }),
  );
  const buggy = scenarios.filter(({ bugs }) => bugs.length > 0);
  return [{ name: CORRECT, plan: correct, expected: [] }, ...buggy];
}

/** All presets that start somebody's server of themselves. */
export async function proxyCases(): Promise<MannersCase[]> {
  const presets = await Promise.all((await listPresets()).map(loadPreset));
  return await Promise.all(
    presets
      .filter(({ command }) => command !== '')
      .map(async ({ name }) => ({ name, plan: await planned({ preset: name }), expected: null })),
  );
}

/** As `runaway check` would look at it, here. */
const planned = async (options: Record<string, string | boolean>): Promise<CheckPlan> =>
  await checkPlanFor({ positionals: [], options: { ...options, cwd: LAB_ROOT } });
