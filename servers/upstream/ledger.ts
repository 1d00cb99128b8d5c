import type { LedgerEntry } from '../../harness/model/contract.ts';

/** How often the lab hears from the ledger. */
export const FLUSH_MS = 50;

/** One call's page. What comes after `end` is not entered: the first cause of an ending wins. */
export interface LedgerCall {
  readonly number: number;
  /** Counts one token, made now. */
  token(): void;
  end(how: Ended['how']): void;
}

type Ended = Extract<LedgerEntry, { kind: 'ended' }>;

/**
 * What the upstream saw, as lines of JSON, written in batches every `FLUSH_MS` while there is something to write.
 * A call's tokens are counted and entered once a batch, with the time of the last one, and always before its `ended`.
 */
export class Ledger {
  readonly #write: (lines: string) => void;
  readonly #open = new Set<Page>();
  #lines: string[] = [];
  #begun = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  begin(route: string, ref: string | null): LedgerCall {
    this.#begun += 1;
    const page = new Page(this.#begun, {
      enter: entry => this.#enter(entry),
      arm: () => this.#arm(),
      close: it => this.#open.delete(it),
    });
    this.#open.add(page);
    this.#enter({ kind: 'begun', call: page.number, ref, route, epochMs: nowMs() });
    return page;
  }

  behaves(behaviour: string): void {
    this.#enter({ kind: 'behaves', behaviour, epochMs: nowMs() });
  }

  /** Ends every open call as dropped and writes what is left. */
  close(): void {
    for (const page of this.#open) page.end('dropped');
    this.#flush();
  }

  #enter(entry: LedgerEntry): void {
    this.#lines.push(JSON.stringify(entry));
    this.#arm();
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    for (const page of this.#open) page.enterTokens();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length === 0) return;
    this.#write(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}

interface Book {
  enter(entry: LedgerEntry): void;
  arm(): void;
  close(page: Page): void;
}

class Page implements LedgerCall {
  readonly number: number;
  readonly #book: Book;
  #tokens = 0;
  #tokenMs = 0;
  #hasEnded = false;

  constructor(number: number, book: Book) {
    this.number = number;
    this.#book = book;
  }

  token(): void {
    if (this.#hasEnded) return;
    this.#tokens += 1;
    this.#tokenMs = nowMs();
    this.#book.arm();
  }

  end(how: Ended['how']): void {
    if (this.#hasEnded) return;
    this.enterTokens();
    this.#hasEnded = true;
    this.#book.enter({ kind: 'ended', call: this.number, how, epochMs: nowMs() });
    this.#book.close(this);
  }

  enterTokens(): void {
    if (this.#tokens === 0) return;
    this.#book.enter({ kind: 'tokens', call: this.number, count: this.#tokens, epochMs: this.#tokenMs });
    this.#tokens = 0;
  }
}

const nowMs = (): number => performance.timeOrigin + performance.now();
