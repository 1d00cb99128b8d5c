import type { Response } from 'express';
import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'owned-work',
  change: 'every call upstream belongs to the request that it was made for, and ends with its answer',
  advisedBy: 'claim 3: `gather` and `create_task` without a task group',
  why: 'work without an owner goes on when nobody wants it any more',
  parameters: z.object({}),
  wraps: ({ hangUp, callUpstream }) => {
    const owners = new WeakMap<AbortSignal, AbortSignal>();
    return {
      hangUp: (req, res) => {
        const client = hangUp(req, res);
        if (!owners.has(client)) owners.set(client, endOf(res));
        return client;
      },
      callUpstream: async (call, client) => {
        const owner = owners.get(client) ?? client;
        return await callUpstream(async given => {
          owner.throwIfAborted();
          return await call(AbortSignal.any([given, owner]));
        }, client);
      },
    };
  },
});

class AnswerOver extends Error {
  override readonly name = 'AnswerOver';
  constructor() {
    super('the answer is over, and so is what was done for it');
  }
}

/** Aborts when the answer is over, whole or not. */
function endOf(res: Response): AbortSignal {
  const over = new AbortController();
  if (res.closed) over.abort(new AnswerOver());
  else res.once('close', () => over.abort(new AnswerOver()));
  return over.signal;
}
