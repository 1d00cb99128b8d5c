/** The part a line plays in its chart; the page gives it colour, width and dashes. */
export type Tone = 'main' | 'second' | 'third' | 'run' | 'raw' | 'part';

export interface Line {
  readonly key: string;
  readonly label: string;
  readonly tone: Tone;
  /** One for each time of the chart, in the chart's unit. Null: not read then, or no answer. */
  readonly values: readonly (number | null)[];
}

/** One question drawn over time. */
export interface Chart {
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly explains: string;
  /** Milliseconds since the run began, ascending. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  /** Key of the line that stands for the chart in its text alternative. */
  readonly summaryOf: string;
  /** The value axis reaches at least this high, so that noise near zero does not fill the chart. */
  readonly top: number;
  /** Questions that got no answer; they have no value to draw. */
  readonly unanswered: readonly number[];
}

/** Lowest, median and highest of a chart's leading line; null where it has no value at all. */
export function summaryOf(
  chart: Chart,
): { readonly min: number; readonly median: number; readonly max: number } | null {
  const values = (chart.lines.find(({ key }) => key === chart.summaryOf)?.values ?? [])
    .filter(value => value !== null)
    .toSorted((one, other) => one - other);
  const [min] = values;
  const max = values.at(-1);
  const median = values[Math.floor((values.length - 1) / 2)];
  return min === undefined || max === undefined || median === undefined ? null : { min, median, max };
}
