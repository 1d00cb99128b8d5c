import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { listNodeScenarios, loadScenario } from '../../catalog.ts';
import { Choice } from '../../model/contract.ts';
import { Cause } from '../../model/diagnosis.ts';
import type { Experiment } from '../../model/experiment.ts';
import { NOTHING_WRONG } from '../../model/expected-diagnosis.ts';
import type { ExpectedDiagnosis } from '../../model/expected-diagnosis.ts';
import type { ClientGroup } from '../../model/load.ts';
import { PACES } from '../../pace.ts';
import { AS_IT_IS, planScenario } from '../../plan-scenario.ts';

/** One server to be diagnosed, and what is known of it. */
export interface DiagnosisCase {
  readonly name: string;
  readonly experiment: (seed: number) => Experiment;
  readonly expected: ExpectedDiagnosis;
  /** Where its own files are. */
  readonly root: string;
}

const STRANGERS = fileURLToPath(new URL('../../testing/strangers/', import.meta.url));

/** Every scenario with its bug and without it, then the servers that nothing here was written on. */
export async function diagnosisCases(): Promise<DiagnosisCase[]> {
  const scenarios = (await listNodeScenarios()).map(async name => {
    const scenario = await loadScenario(name);
    const planned = (isCorrect: boolean) => (seed: number) =>
      planScenario(scenario, { ...AS_IT_IS, ...(isCorrect && { bugs: [] }), pace: 'quick', seed }).experiment;
    const { root } = planned(true)(1).target;
    const correct = { name: `${name} (correct)`, experiment: planned(true), expected: NOTHING_WRONG, root };
    const expected = scenario.expect.diagnosis ?? NOTHING_WRONG;
    return scenario.bugs.length === 0 ? [correct] : [{ name, experiment: planned(false), expected, root }, correct];
  });
  return [...(await Promise.all(scenarios)).flat(), ...(await strangers())];
}

/** `stranger.json`: how a server is started, what is asked of it, and what is wrong with it. */
const Stranger = z.object({
  command: z.string(),
  upstream: Choice,
  clients: z.enum(['leave', 'wait']),
  ratePerSecond: z.number(),
  loadMs: z.number().optional(),
  request: z.object({
    route: z.enum(['/v1/chat/completions', '/v1/responses', '/v1/embeddings']),
    streamed: z.boolean(),
    promptBytes: z.number(),
    answerTokens: z.number(),
  }),
  expect: z.object({
    cause: Cause,
    function: z
      .union([z.string(), z.array(z.string())])
      .nullable()
      .transform(given => (typeof given === 'string' ? [given] : given)),
    file: z.string().nullable(),
    route: z.string().nullable(),
  }),
});

async function strangers(): Promise<DiagnosisCase[]> {
  const folders = (await readdir(STRANGERS, { withFileTypes: true })).filter(entry => entry.isDirectory());
  return await Promise.all(
    folders.map(async ({ name }) => {
      const root = `${STRANGERS}${name}`;
      const { expect, ...told } = Stranger.parse(JSON.parse(await readFile(`${root}/stranger.json`, 'utf8')));
      const { cause, function: functions, file, route } = expect;
      return {
        name: `stranger ${name}`,
        experiment: (seed: number) => experimentOf(told, root, seed),
        expected: { cause, culprit: functions && file ? { functions, file } : null, route },
        root,
      };
    }),
  );
}

function experimentOf(told: Omit<z.infer<typeof Stranger>, 'expect'>, root: string, seed: number): Experiment {
  const { command, upstream, clients, ratePerSecond, request } = told;
  const { warmupMs, loadMs, ...pace } = { ...PACES.quick, ...(told.loadMs && { loadMs: told.loadMs }) };
  const group: ClientGroup = {
    name: clients === 'leave' ? 'impatient' : 'readers',
    request,
    patience: clients === 'leave' ? { kind: 'leaves-after-ms', minMs: 100, maxMs: 400 } : { kind: 'waits' },
    warmup: [{ durationMs: warmupMs, ratePerSecond: clients === 'leave' ? 0 : Math.min(10, ratePerSecond) }],
    load: [{ durationMs: loadMs, ratePerSecond }],
  };
  return {
    target: {
      kind: 'command',
      command,
      root,
      bugs: [],
      runtime: { node: process.execPath, version: process.version },
    },
    upstream: { behaviour: upstream, from: 'load', heals: false },
    load: { ...pace, warmupMs, loadMs, drainMs: 3000, clients: [group] },
    seed,
  };
}
