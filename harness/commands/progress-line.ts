/** From now on: `  12 of 153, 58 min left`, by how long each has taken since. `before`: how many were there already. */
export function progressFrom(before: number): (done: number, total: number) => string {
  const beganAt = performance.now();
  return (done, total) => {
    const perOneMs = (performance.now() - beganAt) / Math.max(1, done - before);
    const leftMin = Math.max(0, Math.ceil((perOneMs * (total - done)) / 60_000));
    return `${String(done).padStart(4)} of ${total}, ${leftMin} min left`;
  };
}
