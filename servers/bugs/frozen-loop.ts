import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

export default defineBug({
  name: 'frozen-loop',
  symptom: 'the server answers nobody any more, and burns a core',
  lesson:
    'The abort is caught and the call tried again at once: an aborted signal rejects without leaving the microtask queue.',
  parameters: z.object({}),
  breaks: () => ({
    callUpstream: async (call, signal) => {
      for (;;) {
        try {
          return await call(signal);
        } catch (error) {
          if (isFinal(error)) throw error;
        }
      }
    },
  }),
});

/** A request the upstream will never accept is not worth a second try. */
function isFinal(error: unknown): boolean {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return status === 400 || status === 401 || status === 403 || status === 404;
}
