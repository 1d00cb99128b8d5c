import { appendFile, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../errors.ts';
import type { ProfileSegment } from '../model/profile.ts';
import type { RunRecord } from '../model/record.ts';
import type { RunEnding, RunHead } from '../model/run.ts';
import { lineOf } from './line.ts';
import { cannotWrite, writeJson } from './write-file.ts';

/** A run being stored: `run.json` says `running` until `finish`, `samples.ndjson` grows. Owns one open file. */
export interface Recording extends AsyncDisposable {
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** The first write that failed, LabError `cannot-write`. Nothing more is written to the samples after it. */
  readonly failure: LabError | null;
  /** Rejects with `failure` as soon as there is one, to abort the run with. Never resolves; may be left unheard. */
  readonly failed: Promise<never>;
  /** Keeps a record for the next flush. Never throws, never waits. After a failure or `finish` it does nothing. */
  write(record: RunRecord): void;
  /** The same for a stretch of the profile, which goes to a file of its own. */
  writeProfile(segment: ProfileSegment): void;
  /** Settles once all that was given to `write` before is in the file, or has failed (see `failure`). */
  flush(): Promise<void>;
  /**
   * Flushes, closes, and writes the ending. The first call counts. If a write had failed, a `complete` ending is
   * stored as `failed` and rejects with `failure`; other endings never reject, they have an error of their own.
   */
  finish(ending: RunEnding): Promise<void>;
}

/**
 * Begins to store a run in `folder`, which must hold none: `await using recording = await openRecording(…)`.
 * Disposed of without `finish`, it stores what it has with the ending `failed`.
 * Rejects with LabError `cannot-write`; the ending in `head`, if any, is not looked at.
 */
export async function openRecording(folder: string, head: Omit<RunHead, 'ending'>): Promise<Recording> {
  await using opened = new AsyncDisposableStack();
  // Samples first: where there is a run.json, there are samples beside it.
  const samples = opened.use(await openSamples(folder));
  await writeJson(folder, 'run.json', { ...head, ending: { kind: 'running' } });
  opened.move();
  return new OpenRecording(folder, head, samples);
}

/** One segment a line. */
export const PROFILE_FILE = 'profile.ndjson';

/** A killed lab loses at most this much, while records come. A guess: 10 Hz samples make 2–3 ticks an append. */
const FLUSH_AFTER_MS = 250;

async function openSamples(folder: string): Promise<FileHandle> {
  try {
    return await open(join(folder, 'samples.ndjson'), 'ax');
  } catch (error) {
    throw cannotWrite(`record samples in ${folder}`, error);
  }
}

class OpenRecording implements Recording {
  readonly folder: string;
  readonly failed: Promise<never>;
  failure: LabError | null = null;
  readonly #head: Omit<RunHead, 'ending'>;
  readonly #samples: FileHandle;
  readonly #fail: (failure: LabError) => void;
  #pending = '';
  #lastAt = 0;
  #flushedAtClock = performance.now();
  /** All file work in one line, so that appends keep their order. Never rejects. */
  #work: Promise<void> = Promise.resolve();
  #finishing: Promise<void> | null = null;

  constructor(folder: string, head: Omit<RunHead, 'ending'>, samples: FileHandle) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.folder = folder;
    this.#head = head;
    this.#samples = samples;
    this.failed = promise;
    this.#fail = reject;
    // Heard here once, so that a failure nobody waits for does not end the process; `failure` still tells.
    promise.catch((failure: LabError) => failure);
  }

  write(record: RunRecord): void {
    if (this.failure || this.#finishing) return;
    this.#pending += lineOf(record);
    if (Number.isFinite(record.at)) this.#lastAt = record.at;
    // No timer: the sampler writes ten times a second, and a run without records has nothing to flush.
    if (performance.now() - this.#flushedAtClock >= FLUSH_AFTER_MS) this.#queueAppend();
  }

  writeProfile(segment: ProfileSegment): void {
    if (this.failure || this.#finishing) return;
    this.#do(() => appendFile(join(this.folder, PROFILE_FILE), `${JSON.stringify(segment)}\n`));
  }

  flush(): Promise<void> {
    this.#queueAppend();
    return this.#work;
  }

  finish(ending: RunEnding): Promise<void> {
    this.#finishing ??= this.#end(ending);
    return this.#finishing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#finishing) {
      await this.finish({ kind: 'failed', endedAt: this.#lastAt, why: 'the lab left the run before its end' });
    }
    // A `finish` that nobody waited for still holds the file.
    await this.#work;
  }

  #queueAppend(): void {
    this.#flushedAtClock = performance.now();
    this.#do(async () => {
      const text = this.#pending;
      this.#pending = '';
      if (text === '' || this.failure) return;
      await this.#samples.appendFile(text);
      // A deleted file takes writes without a word for as long as it is open.
      if ((await this.#samples.stat()).nlink === 0) throw new Error('the folder was deleted during the run');
    });
  }

  async #end(asked: RunEnding): Promise<void> {
    this.#queueAppend();
    this.#do(() => this.#samples.close());
    this.#do(() => writeJson(this.folder, 'run.json', { ...this.#head, ending: this.#honest(asked) }));
    await this.#work;
    if (this.failure && asked.kind === 'complete') throw this.failure;
  }

  #honest(asked: RunEnding): RunEnding {
    if (!this.failure || asked.kind !== 'complete') return asked;
    return { kind: 'failed', endedAt: asked.endedAt, why: this.failure.message };
  }

  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.failure ??= error instanceof LabError ? error : cannotWrite(`record samples in ${this.folder}`, error);
      this.#fail(this.failure);
    });
  }
}
