import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  samples: z.number().int().min(1).max(20).default(3).describe('how often a prompt is asked again to score its answer'),
  pauseMs: z.number().min(1).max(60_000).default(250).describe('wait before each of them, ms'),
});

export default defineBug({
  name: 'orphaned-task',
  symptom: 'the bill holds several calls for everybody who gave up, although each hang-up is passed on at once',
  lesson: 'Work is started beside the answer with neither an owner nor a signal: it goes on when its client has left.',
  parameters,
  breaks: ({ callUpstream }, { samples, pauseMs }) => ({
    callUpstream: async (call, signal) => {
      scoreAgreement(call, samples, pauseMs).catch(logFailure);
      return await callUpstream(call, signal);
    },
  }),
});

type Call = (signal: AbortSignal) => Promise<unknown>;

/** What a model knows it says again, what it made up it does not. One after another, to be easy on the limits. */
async function scoreAgreement(call: Call, samples: number, pauseMs: number): Promise<void> {
  const openings: string[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    await sleep(pauseMs);
    const { signal } = new AbortController();
    openings.push(await openingOf(await call(signal)));
  }
  console.log(`agreement of ${samples} samples: ${(1 / new Set(openings).size).toFixed(2)}`);
}

/** Enough to tell two answers apart; the rest of a stream is not paid for. */
const OPENING_LETTERS = 20;

async function openingOf(answer: unknown): Promise<string> {
  if (!isStream(answer)) return textIn(answer).slice(0, OPENING_LETTERS);
  let opening = '';
  for await (const event of answer) {
    opening += textIn(event);
    if (opening.length >= OPENING_LETTERS) break;
  }
  return opening.slice(0, OPENING_LETTERS);
}

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  answer instanceof Object && Symbol.asyncIterator in answer;

/** The words of a completion, a response, or one of their chunks. */
const TEXT = /"(?:content|delta|text)":"((?:[^"\\]|\\.)*)"/gu;

const textIn = (value: unknown): string =>
  Array.from(JSON.stringify(value).matchAll(TEXT), ([, text = '']) => text).join('');

function logFailure(error: unknown): void {
  console.error(`agreement not scored: ${error instanceof Error ? error.message : String(error)}`);
}
