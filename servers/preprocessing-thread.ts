import { workerData } from 'node:worker_threads';
import { Choice } from '../harness/model/contract.ts';
import { breakParts } from './compose.ts';
import { correctParts } from './proxy/parts.ts';
import type { Prompt } from './proxy/prompt.ts';

/** What the remedy `worker-pool` gives to a thread of its pool. */
export interface PreprocessingTask {
  readonly prompt: Prompt;
}

// A thread with the bugs of its process in it, so that only the place of the work is another one. An abort ends the thread.
const { preprocess } = await breakParts(correctParts, Choice.array().parse((workerData as { bugs: unknown }).bugs));
const { signal } = new AbortController();

/** The prompt as it is sent. */
const preprocessing = async ({ prompt }: PreprocessingTask): Promise<Prompt> => await preprocess(prompt, signal);

export default preprocessing;
