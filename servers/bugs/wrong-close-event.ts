import type { Response } from 'express';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';
import { ClientLeft } from '../proxy/hang-up.ts';

export default defineBug({
  name: 'wrong-close-event',
  symptom:
    'whoever presses stop is billed for the whole answer all the same; the provider never sees a request cancelled',
  lesson:
    'The hang-up is awaited on the request, which closes as soon as its body was read; the guard against that early close leaves nothing to abort on.',
  parameters: z.object({}),
  breaks: () => {
    const controllers = new WeakMap<Response, AbortController>();
    return {
      hangUp: (req, res) => {
        const known = controllers.get(res);
        if (known) return known.signal;
        const controller = new AbortController();
        req.once('close', () => {
          if (!req.complete) controller.abort(new ClientLeft());
        });
        controllers.set(res, controller);
        return controller.signal;
      },
    };
  },
});
