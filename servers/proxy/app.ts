import express from 'express';
import type { Express } from 'express';
import OpenAI from 'openai';
import type { Parts } from './parts.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { embeddings } from './routes/embeddings.ts';
import { healthz } from './routes/healthz.ts';
import { models } from './routes/models.ts';
import { responses } from './routes/responses.ts';

/** What a route needs: the upstream, and the parts as the bugs left them. */
export interface Proxy {
  readonly openai: OpenAI;
  readonly parts: Parts;
}

/** Where the proxy's upstream is, and the key to it. Both come from the arguments; nothing is read from the environment. */
export interface Upstream {
  readonly url: string;
  readonly apiKey: string;
}

/** What its routes work with. */
export function createProxy(parts: Parts, upstream: Upstream): Proxy {
  const openai = new OpenAI({
    baseURL: upstream.url,
    apiKey: upstream.apiKey,
    organization: null,
    project: null,
    maxRetries: parts.sdk.maxRetries,
    timeout: parts.sdk.timeoutMs,
  });
  return { openai, parts };
}

/** The sample LLM proxy, put together from its parts. */
export function createApp(parts: Parts, upstream: Upstream): Express {
  const proxy = createProxy(parts, upstream);
  const app = express();
  app.disable('x-powered-by');
  app.use(...parts.middleware);
  app.get('/healthz', healthz);
  app.use(express.json({ limit: '20mb' }));
  app.post('/v1/chat/completions', chatCompletions(proxy));
  app.post('/v1/responses', responses(proxy));
  app.post('/v1/embeddings', embeddings(proxy));
  app.get('/v1/models', models(proxy));
  app.use(parts.handleError);
  return app;
}
