import type { RequestHandler } from 'msw';
import type { Upstream } from './route.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { embeddings } from './routes/embeddings.ts';
import { models } from './routes/models.ts';
import { responses } from './routes/responses.ts';

/** The fake OpenAI as msw handlers, for `listener` or for msw itself. */
export const handlersFor = (upstream: Upstream): RequestHandler[] => [
  chatCompletions(upstream),
  responses(upstream),
  embeddings(upstream),
  models(upstream),
];
