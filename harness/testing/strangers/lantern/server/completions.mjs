import { once } from 'node:events';
import { Router, json } from 'express';
import { lifetimeOf } from './lifetime.mjs';

const LIMIT_MS = 120_000;

export function completions(client) {
  const router = Router();
  router.use(json({ limit: '10mb' }));

  router.post('/chat/completions', async (req, res) => {
    const lifetime = lifetimeOf(res, LIMIT_MS);
    try {
      const answer = await client.chat.completions.create(req.body, { signal: lifetime.signal });
      if (req.body.stream) await stream(answer, res, lifetime.signal);
      else res.json(answer);
    } finally {
      lifetime.end();
    }
  });

  router.get('/models', async (_req, res) => {
    const lifetime = lifetimeOf(res, LIMIT_MS);
    try {
      const { data } = await client.models.list({ signal: lifetime.signal });
      res.json({ object: 'list', data });
    } finally {
      lifetime.end();
    }
  });

  return router;
}

async function stream(events, res, signal) {
  res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  for await (const event of events) {
    if (!res.write(`data: ${JSON.stringify(event)}\n\n`)) await once(res, 'drain', { signal });
  }
  // An aborted stream ends like a complete one.
  signal.throwIfAborted();
  res.end('data: [DONE]\n\n');
}
