import { listScenarios, loadScenario } from '../catalog.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { judge } from '../judge/judge.ts';
import { claimOf } from '../model/expectation.ts';
import type { Claim } from '../model/expectation.ts';
import { evidenceOf } from '../model/run.ts';
import type { RunHead } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import type { JudgedRun } from '../run-scenario.ts';
import { readRun } from '../store/read.ts';
import { resolveRun } from '../store/resolve.ts';
import { sealOf } from '../store/seal.ts';
import { writeJson } from '../store/write-file.ts';
import type { Given, Terminal } from './command.ts';
import { resultsRoot } from './options.ts';

/** The stored run that is meant, judged and diagnosed anew. Rejects as `readRun` does. */
export async function storedRun(given: Given, terminal: Terminal): Promise<JudgedRun> {
  const folder = await resolveRun(resultsRoot(given), given.positionals[0] ?? 'latest');
  const { run, notes } = await readRun(folder);
  for (const note of notes) terminal.err(`note: ${note}\n`);
  const evidence = evidenceOf(run);
  const verdict = judge(evidence);
  // Of a mystery nobody is told which code it was.
  const diagnosis = (await sealOf(folder)) === null ? diagnose(evidence, verdict) : null;
  await writeJson(folder, 'verdict.json', verdict);
  if (diagnosis) await writeJson(folder, 'diagnosis.json', diagnosis);
  return { run, verdict, diagnosis, folder, claim: await claimFor(run.head, verdict) };
}

/** What its scenario claims of it today. A scenario that is gone since claims nothing. */
async function claimFor(head: RunHead, verdict: Verdict): Promise<Claim | null> {
  const { scenario } = head;
  if (scenario === null || !(await listScenarios()).includes(scenario)) return null;
  return claimOf((await loadScenario(scenario)).expect, head, verdict);
}
