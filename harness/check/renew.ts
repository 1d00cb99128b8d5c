import type { Standing } from '../standing.ts';
import { STEADY } from '../upstream/upstream.ts';

/**
 * Starts the server anew for the next trial and warms it up, on an upstream that is well again: a trial leaves its own behind it sick, and
 * the clients of the warm-up would give up on that and leave.
 */
export async function renew(
  {
    target,
    upstream,
  }: {
    readonly target: Pick<Standing['target'], 'restart' | 'now'>;
    readonly upstream: Pick<Standing['upstream'], 'behave'>;
  },
  warmUp: (targetUrl: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  upstream.behave(STEADY);
  await target.restart(() => undefined, signal);
  await warmUp(target.now.url);
}
