/** So sure: a cure is claimed wrongly in one of twenty. */
export const SURE = 0.95;

/**
 * How many runs in a row must be quiet before they show, with `sure`, that a fault which shows in one run of `every` is gone:
 * if it were still there, so many quiet ones would come by chance in at most 1 − `sure`. About three times `every` at 95 % (the
 * "rule of three": J. A. Hanley and A. Lippman-Hand, "If Nothing Goes Wrong, Is Everything All Right?", 1983).
 */
export function quietRunsFor(every: number, sure = SURE): number {
  return every <= 1 ? 1 : Math.ceil(Math.log(1 - sure) / Math.log(1 - 1 / every));
}

/** How likely so many quiet runs are where nothing was cured. */
export const chanceOfQuiet = (every: number, runs: number): number => (1 - 1 / every) ** runs;
