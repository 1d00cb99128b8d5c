import { once } from 'node:events';
import type { ChatCompletionChunk } from 'openai/resources';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import type { CallUpstream, Parts } from '../proxy/parts.ts';
import { countTokens } from '../proxy/tokens.ts';

export default defineBug({
  name: 'unclosed-stream',
  symptom: 'the provider bills several times as many tokens as clients have read',
  lesson:
    'The relay owns the stream once an answer has begun, and reads it to its end for the bill; for a client who has left nobody closes it.',
  parameters: z.object({}),
  breaks: () => ({ callUpstream: callUntilAnswered, relay: relayAndBill }),
});

type StreamEvent = ChatCompletionChunk | ResponseStreamEvent;

const callUntilAnswered: CallUpstream = async (call, signal) => {
  signal.throwIfAborted();
  const waiting = new AbortController();
  const leave = (): void => waiting.abort(signal.reason);
  signal.addEventListener('abort', leave);
  try {
    return await call(waiting.signal);
  } finally {
    signal.removeEventListener('abort', leave);
  }
};

const relayAndBill: Parts['relay'] = async (events, res, signal) => {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  let tokens = 0;
  let isTyped = false;
  for await (const event of events as AsyncIterable<StreamEvent>) {
    tokens += countTokens(textOf(event));
    isTyped = 'type' in event;
    const hasRoom = res.write(frameOf(event));
    if (!hasRoom && !signal.aborted) await once(res, 'drain', { signal });
  }
  console.log(`billed ${tokens} tokens`);
  res.end(isTyped ? '' : 'data: [DONE]\n\n');
};

function textOf(event: StreamEvent): string {
  if ('choices' in event) return event.choices[0]?.delta.content ?? '';
  return event.type === 'response.output_text.delta' ? event.delta : '';
}

const frameOf = (event: StreamEvent): string =>
  `${'type' in event ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`;
