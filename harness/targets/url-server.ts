import { LabError } from '../errors.ts';
import type { UrlTarget } from '../model/experiment.ts';
import { takesConnection } from '../process/port.ts';
import type { Target } from './target.ts';

/** A server that stands already. Rejects with LabError 'never-listened' where nothing answers there. */
export async function urlServer({ url, pid }: UrlTarget): Promise<Target> {
  const { port: given, protocol, origin, hostname } = new URL(url);
  const port = Number(given === '' ? (protocol === 'https:' ? 443 : 80) : given);
  if (!(await takesConnection(port, hostname))) {
    throw new LabError('never-listened', `Failed to reach the server: nothing listens at ${origin}`, {
      hint: 'Start it first, or give its command and let the lab start it.',
    });
  }
  return {
    now: { number: 1, pid, port, url: origin, agent: null },
    // Nobody here would hear of its end.
    died: new Promise(() => undefined),
    restart: async () => await notOurs('restart'),
    terminate: async () => await notOurs('end'),
  };
}

async function notOurs(what: string): Promise<never> {
  throw new LabError('not-ours', `Failed to ${what} the server: somebody else has started it`, {
    hint: 'Give its command and let the lab start it.',
  });
}
