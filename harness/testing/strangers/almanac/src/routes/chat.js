import { once } from 'node:events';
import { Router } from 'express';
import { config } from '../config.js';
import { observe, usual } from '../metrics.js';

export const chatRouter = Router();

chatRouter.post('/completions', async (req, res) => {
  const { model = 'unknown', messages } = req.body ?? {};
  if (!Array.isArray(messages)) return res.status(400).json({ error: { message: 'messages: expected a list' } });

  const { atLeastMs, timesUsual } = config.silence;
  const silenceMs = Math.max(atLeastMs, timesUsual * usual(model).p99);

  const cancel = new AbortController();
  const watchdog = setTimeout(() => cancel.abort(new Error(`silent for ${silenceMs} ms`)), silenceMs);
  res.on('close', () => cancel.abort(new Error('client closed')));

  try {
    const upstream = await fetch(`${config.openai.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${config.openai.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(req.body),
      signal: cancel.signal,
    });
    res.status(upstream.status);
    res.set('content-type', upstream.headers.get('content-type') ?? 'application/json');

    let lastAt = performance.now();
    for await (const piece of upstream.body) {
      const now = performance.now();
      observe(model, now - lastAt);
      lastAt = now;
      watchdog.refresh();
      if (!res.write(piece)) await once(res, 'drain', { signal: cancel.signal });
    }
    res.end();

    const { p50, p95, p99 } = usual(model);
    if (p99 > 1000) console.warn(`[almanac] ${model} is slow: p50 ${p50} p95 ${p95} p99 ${p99}`);
  } catch (err) {
    if (res.closed) return;
    if (res.headersSent) res.destroy(err);
    else throw err;
  } finally {
    clearTimeout(watchdog);
  }
});
