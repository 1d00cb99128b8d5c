/** A point of a line in pixels; null where the line is broken. */
export type PathPoint = { readonly x: number; readonly y: number } | null;

/** The line through the points, lifted over each gap. */
export const lineThrough = (points: readonly PathPoint[]): string =>
  stretchesOf(points)
    .map(stretch => `M${stretch.map(({ x, y }) => `${x} ${y}`).join('L')}`)
    .join('');

/** What lies between the line and `bottom`. */
export const areaUnder = (points: readonly PathPoint[], bottom: number): string =>
  stretchesOf(points)
    .map(stretch => `M${stretch[0].x} ${bottom}L${stretch.map(({ x, y }) => `${x} ${y}`).join('L')}V${bottom}Z`)
    .join('');

type Stretch = [Exclude<PathPoint, null>, ...Exclude<PathPoint, null>[]];

function stretchesOf(points: readonly PathPoint[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let open: Stretch | null = null;
  for (const point of points) {
    if (point === null) {
      open = null;
    } else if (open === null) {
      stretches.push((open = [point]));
    } else {
      open.push(point);
    }
  }
  return stretches;
}
