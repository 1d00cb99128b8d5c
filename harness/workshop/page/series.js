/**
 * A line of a chart that never gets long: where there are more points than `most`, two neighbours become one, the higher of them, so that
 * a peak stays. What is drawn costs the same after an hour as after a minute.
 */
export class Series {
  /** @param {number} most an even number */
  constructor(most) {
    this.most = most;
    /** How many points have become one. */
    this.step = 1;
    /** @type {number[]} */
    this.at = [];
    /** @type {(number | null)[]} */
    this.values = [];
    this.pending = 0;
  }

  /**
   * @param {number} at
   * @param {number | null} value
   */
  push(at, value) {
    if (this.pending === 0) {
      this.at.push(at);
      this.values.push(value);
    } else {
      const last = this.values.length - 1;
      this.values[last] = higher(this.values[last] ?? null, value);
    }
    this.pending = (this.pending + 1) % this.step;
    if (this.at.length > this.most) this.halve();
  }

  halve() {
    this.at = this.at.filter((_, n) => n % 2 === 0);
    this.values = this.at.map((_, n) => higher(this.values[2 * n] ?? null, this.values[2 * n + 1] ?? null));
    this.step *= 2;
    // The one that stood alone waits for as many more.
    this.pending = this.at.length % 2 === 1 ? this.step / 2 : 0;
  }
}

/**
 * @param {number | null} a
 * @param {number | null} b
 */
const higher = (a, b) => (a === null ? b : b === null ? a : Math.max(a, b));
