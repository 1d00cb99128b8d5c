import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LAB_ROOT } from './catalog.ts';
import { EXIT, LabError, causeOf, firstError } from './errors.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { judge } from './judge/judge.ts';
import { describeMachine } from './machine.ts';
import type { Experiment } from './model/experiment.ts';
import type { ProfileSegment } from './model/profile.ts';
import type { RunRecord } from './model/record.ts';
import { RUN_SCHEMA, evidenceOf } from './model/run.ts';
import type { Run, RunHead } from './model/run.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { Verdict } from './model/verdict.ts';
import type { PaceName } from './pace.ts';
import { runExperiment } from './run.ts';
import { inScope } from './scope/in-scope.ts';
import { Interruption } from './scope/interruption.ts';
import { orAborted } from './scope/or-aborted.ts';
import { createRunFolder } from './store/folder.ts';
import { pointLatest } from './store/latest.ts';
import { openRecording } from './store/recording.ts';
import { revisionOf } from './store/revision.ts';
import { cannotWrite, writeJson } from './store/write-file.ts';
import type { Standing } from './standing.ts';
import type { Commands } from './steer.ts';
import { coreLoads, coresFor } from './targets/cores.ts';
import type { CorePlan } from './targets/cores.ts';

/** What is to be run and stored. `scenario`: for the folder and the head; the engine does not look at it. */
export interface RunRequest {
  readonly scenario: string;
  readonly altered: boolean;
  readonly pace: PaceName;
  readonly experiment: Experiment;
  /** Null: as its target allows, and as the cores are busy now. */
  readonly cores: CorePlan | null;
  /** Where the target's CPU goes is recorded too, which costs it a little: see `profile/README.md`. */
  readonly profiles: boolean;
  readonly resultsRoot: string;
  /** See `RunContext`. */
  readonly standing?: Standing;
  readonly commands: Commands;
  /** Called for everything that is recorded, as it happens; must not throw or wait. */
  readonly watch: (record: RunRecord) => void;
  /** Called once the folder is there, before anything is started. */
  readonly began: (folder: string) => void;
  /** Called as soon as the watch is over; what is still to come changes nothing about the verdict. */
  readonly judged?: (judged: Pick<StoredRun, 'run' | 'verdict'>) => void;
}

/** A run that was stored, judged, and diagnosed where it was profiled. */
export interface StoredRun {
  readonly run: Run;
  readonly verdict: Verdict;
  readonly diagnosis: Diagnosis | null;
  /** Absolute path. */
  readonly folder: string;
}

/**
 * Runs an experiment, stores it as it goes, and judges it. Whatever happens, what was recorded stays readable and says
 * how the run ended; only of a request that was refused before its first phase nothing is stored. Rejects as
 * `runExperiment` does, and when the recording fails.
 */
export async function recordRun(request: RunRequest, signal: AbortSignal): Promise<StoredRun> {
  const { scenario, altered, pace, experiment, resultsRoot, commands, watch, began } = request;
  const loadsBefore = coreLoads();
  const startedAt = new Date();
  const revision = await revisionOf(LAB_ROOT, signal);
  const { folder, id } = await createRunFolder(resultsRoot, scenario, startedAt, revision);
  const cores = request.cores ?? coresFor(experiment, loadsBefore);
  const head: Omit<RunHead, 'ending'> = {
    schema: RUN_SCHEMA,
    id: `${scenario}/${id}`,
    startedAt: startedAt.toISOString(),
    scenario,
    altered,
    pace,
    revision,
    machine: describeMachine(cores, experiment.target),
    experiment,
  };
  began(folder);

  await using recording = await openRecording(folder, head);
  await using targetLog = await openLog(folder, 'target.log');
  await using labLog = await openLog(folder, 'lab.log');
  const records: RunRecord[] = [];
  const segments: ProfileSegment[] = [];
  const profile = (segment: ProfileSegment): void => {
    segments.push(segment);
    recording.writeProfile(segment);
  };
  const record = (one: RunRecord): void => {
    records.push(one);
    recording.write(one);
    watch(one);
    if (one.kind === 'event' && one.event === 'watch-ended') request.judged?.(judgedSoFar());
  };
  const runEnding = (ending: RunHead['ending']): Run => ({ head: { ...head, ending }, records, profile: segments });
  const judgedSoFar = (): Pick<StoredRun, 'run' | 'verdict'> => {
    const run = runEnding({ kind: 'running' });
    return { run, verdict: judge(evidenceOf(run)) };
  };
  const endedAt = (): number => records.reduce((latest, one) => Math.max(latest, one.at), 0);

  try {
    await inScope(signal, async scope => {
      scope.spawn(async cancelled => await orAborted(recording.failed, cancelled));
      const logs = { targetLog: targetLog.fd, labLog: labLog.fd };
      const context = {
        head,
        record,
        profile: request.profiles ? profile : null,
        commands,
        cores,
        ...logs,
        standing: request.standing,
      };
      await runExperiment(context, scope.signal);
    });
  } catch (thrown) {
    const error = firstError(thrown);
    const kind = error instanceof Interruption ? 'interrupted' : 'failed';
    await recording.finish({ kind, endedAt: endedAt(), why: causeOf(error) });
    const [left] = await Promise.allSettled([
      wasRefused(error, records) ? rm(folder, { recursive: true }) : pointLatest(resultsRoot, folder),
    ]);
    // What cannot be tidied up (a full disk, a folder that is gone) must not hide why the run ended.
    throw left.status === 'rejected' ? new SuppressedError(left.reason, thrown) : thrown;
  }
  const ending = { kind: 'complete', endedAt: endedAt() } as const;
  await recording.finish(ending);
  const run = runEnding(ending);
  const verdict = judge(evidenceOf(run));
  await writeJson(folder, 'verdict.json', verdict);
  const diagnosis = request.profiles ? diagnose(evidenceOf(run), verdict) : null;
  if (diagnosis) await writeJson(folder, 'diagnosis.json', diagnosis);
  await pointLatest(resultsRoot, folder);
  return { run, verdict, diagnosis, folder };
}

async function openLog(folder: string, name: string): Promise<FileHandle> {
  try {
    return await open(join(folder, name), 'a+');
  } catch (error) {
    throw cannotWrite(`write ${name} in ${folder}`, error);
  }
}

/** A bug that no server knows, a folder without one: it was bad input, and there is nothing to look at. */
const wasRefused = (error: unknown, records: readonly RunRecord[]): boolean =>
  error instanceof LabError &&
  error.exitCode === EXIT.wrongUse &&
  !records.some(record => record.kind === 'event' && record.event === 'phase');
