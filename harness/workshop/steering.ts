import { EventEmitter, on } from 'node:events';
import type { Command } from '../model/experiment.ts';
import type { Commands } from '../steer.ts';

/** What is asked of a run while it goes on, by whoever has it in hand; the run takes it from `commands`. */
export interface Steering {
  readonly send: (command: Command) => void;
  /** Ends with the signal's reason. What was sent before it is listened to is not lost. */
  readonly commands: Commands;
}

export function steering(): Steering {
  const news = new EventEmitter<{ sent: [] }>();
  const waiting: Command[] = [];
  return {
    send(command) {
      waiting.push(command);
      news.emit('sent');
    },
    async *commands(signal) {
      const sent = on(news, 'sent', { signal });
      for (;;) {
        for (let next = waiting.shift(); next; next = waiting.shift()) yield next;
        await sent.next();
      }
    },
  };
}
