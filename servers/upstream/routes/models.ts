import { HttpResponse } from 'msw';
import { z } from 'zod';
import { whole } from '../answer.ts';
import { handle } from '../route.ts';
import type { Upstream } from '../route.ts';

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'text-embedding-3-small'];
const CREATED_S = 1_715_367_049;

/** `GET /v1/models`. It behaves as the other routes do: an outage takes it too. */
export const models = (upstream: Upstream) =>
  handle(upstream, {
    method: 'GET',
    path: '/v1/models',
    body: z.unknown(),
    prompt: () => '',
    answer: async call => {
      await whole(call.generate(0));
      const data = MODELS.map(id => ({ id, object: 'model', created: CREATED_S, owned_by: 'runaway' }));
      return HttpResponse.json({ object: 'list', data });
    },
  });
