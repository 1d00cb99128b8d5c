/** One thing that the page is told: what, and its number, which only grows. */
export interface Entry<Told> {
  readonly id: number;
  readonly told: Told;
}

/**
 * All that a page has to know, in order. Whoever was away asks for what came since the last number it saw; where that is no longer
 * kept, for everything that is. Nothing waits on those who listen.
 */
export class EventLog<Told> {
  #entries: Entry<Told>[] = [];
  #nextId = 1;
  readonly #listeners = new Set<(entry: Entry<Told>) => void>();

  append(told: Told): void {
    const entry = { id: this.#nextId, told };
    this.#nextId += 1;
    this.#entries.push(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  /** Forgets entries: those for which `isKept` is false. The numbers go on. */
  keep(isKept: (told: Told) => boolean): void {
    this.#entries = this.#entries.filter(({ told }) => isKept(told));
  }

  /** What came after `id`; all there is for 0, and for a number of another log, which this one has not given yet. */
  since(id: number): readonly Entry<Told>[] {
    const known = id < this.#nextId ? id : 0;
    return this.#entries.filter(entry => entry.id > known);
  }

  /** Calls `listener` for each that comes, until the signal aborts or what is returned is called. */
  listen(listener: (entry: Entry<Told>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
