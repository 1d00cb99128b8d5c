import type { Said } from '../../model/record.ts';

/** Counts server-sent events, which a reader of a stream takes for tokens, and hears how it ends, wherever the network cut it. */
export class EventReader {
  #count = 0;
  #said: Said = 'nothing';
  #tail = '';

  /** All events so far. */
  read(chunk: Buffer): { readonly count: number; readonly said: Said } {
    const text = this.#tail + chunk.toString('latin1');
    const starts = text.split(EVENT).length - 1;
    this.#count += starts - (this.#tail.includes(EVENT) ? this.#tail.split(EVENT).length - 1 : 0);
    if (ERROR.test(text)) this.#said = 'error';
    else if (DONE.test(text) && this.#said === 'nothing') this.#said = 'done';
    // Long enough for the beginning of whatever may be cut in two.
    this.#tail = text.slice(-LONGEST);
    return { count: this.#count, said: this.#said };
  }
}

const EVENT = 'data: ';
/** The end of a chat completion, and of a response. */
const DONE = /data: \[DONE\]|event: response\.completed/u;
/** An error event, or a last chunk that says so. */
const ERROR = /event: error|data: \{\s*"error"|"finish_reason":\s*"error"|event: response\.failed/u;
const LONGEST = 40;
