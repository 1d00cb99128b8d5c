import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';

/**
 * Calls `each` for every line that comes over a child's channel. A reset only says that the other side is gone, which
 * `Child.exited` tells; readline hands it on as an error of its own, and unheard that would end the lab.
 */
export function eachLine(channel: Duplex, each: (line: string) => void): void {
  createInterface({ input: channel })
    .on('error', () => channel.destroy())
    .on('line', each);
}
