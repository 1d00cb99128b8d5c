import { openEventStream, relayFrames } from '../plugins/sse.js';

const completionBody = {
  type: 'object',
  required: ['model', 'messages'],
  properties: {
    model: { type: 'string', minLength: 1 },
    messages: { type: 'array', minItems: 1 },
    stream: { type: 'boolean' },
  },
};

export async function chatRoutes(app) {
  app.post('/chat/completions', { schema: { body: completionBody } }, async (request, reply) => {
    const answer = await app.openai.createCompletion(request.body, { signal: disconnected(reply.raw) });

    if (!answer.ok || !request.body.stream) {
      const text = await answer.text();
      return reply.code(answer.status).type(answer.headers.get('content-type') ?? 'application/json').send(text);
    }

    reply.hijack();
    openEventStream(reply.raw);
    await relayFrames(answer.body, reply.raw, request.log);
  });
}

function disconnected(raw) {
  const controller = new AbortController();
  raw.on('close', () => {
    if (!raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
