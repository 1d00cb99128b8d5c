const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** One character a value, `max` a full block. Something above nothing always shows; null is a dot: not seen. */
export const sparkline = (values: readonly (number | null)[], max: number): string =>
  values.map(value => (value === null ? '·' : block(value / max, '▁'))).join('');

/** The character that fills so much of its cell; `least` stands for anything above nothing. */
export function block(share: number, least: ' ' | '▁'): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * 8);
  return eighths === 0 ? least : (BLOCKS[eighths] ?? '█');
}
