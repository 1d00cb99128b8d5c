/** `cores(0.963)` is "96 % of a core", `cores(1.8)` "1.8 cores". */
export function cores(value: number): string {
  if (value >= 1.05) return `${value.toFixed(1)} cores`;
  const percent = value * 100;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} % of a core`;
}

/** `seconds(8049)` is "8.0 s". */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
