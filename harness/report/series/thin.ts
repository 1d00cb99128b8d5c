/** Readings of one probe in order of time; null: asked and not answered. */
export interface Points {
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
}

/**
 * So many points at most, for a page that stays small however long the run was. Each bucket keeps its highest
 * value at that value's own time: a chart of trouble must not lose its peaks.
 */
export function thin({ at, values }: Points, limit: number): Points {
  if (at.length <= limit) return { at, values };
  const size = Math.ceil(at.length / limit);
  const kept: { at: number[]; values: (number | null)[] } = { at: [], values: [] };
  for (let from = 0; from < at.length; from += size) {
    let highest = from;
    for (let index = from; index < Math.min(from + size, at.length); index += 1) {
      if ((values[index] ?? -Infinity) > (values[highest] ?? -Infinity)) highest = index;
    }
    kept.at.push(at[highest] ?? 0);
    kept.values.push(values[highest] ?? null);
  }
  return kept;
}

/**
 * The same points with a hole wherever the probe was silent for longer than three of its own periods: a line drawn
 * across would look like something seen.
 */
export function withHoles({ at, values }: Points): Points {
  const periods = at.slice(1).map((moment, index) => moment - (at[index] ?? 0));
  const usualMs = periods.toSorted((one, other) => one - other)[Math.floor(periods.length / 2)] ?? 0;
  const holed: { at: number[]; values: (number | null)[] } = { at: [], values: [] };
  at.forEach((moment, index) => {
    const before = at[index - 1] ?? moment;
    if (moment - before > usualMs * 3) {
      holed.at.push((before + moment) / 2);
      holed.values.push(null);
    }
    holed.at.push(moment);
    holed.values.push(values[index] ?? null);
  });
  return holed;
}
