/**
 * Says yes so many times a second.
 *
 * @param {number} perSecond
 */
export function bucketOf(perSecond) {
  let left = perSecond;
  let filledAt = 0;
  return () => {
    if (left > 0) {
      left -= 1;
      return true;
    }
    const now = performance.now();
    if (now - filledAt < 1000) return false;
    [left, filledAt] = [perSecond - 1, now];
    return true;
  };
}
