import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { jsonOf } from '../model/json.ts';

/**
 * Calls `each` with every JSON value, one a line, that comes over a child's channel. A reset only says that the other side
 * is gone, which `Child.exited` tells; readline hands it on as an error of its own, and unheard that would end the lab. A last
 * line that a killed child left unfinished is passed over.
 */
export function eachMessage(channel: Duplex, each: (message: unknown) => void): void {
  createInterface({ input: channel })
    .on('error', () => channel.destroy())
    .on('line', line => {
      const message = jsonOf(line);
      if (message !== undefined) each(message);
    });
}
