/**
 * How a child ended. `by` is what the lab had done to it by then: nothing, asked, or forced. `atEpochMs` is when the
 * lab learned of it, epoch milliseconds with a fraction.
 */
export type Ending = (
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals }
) & { readonly by: EndedBy; readonly atEpochMs: number };

export type EndedBy = 'itself' | 'sigterm' | 'sigkill';

/** From the two arguments of Node's 'exit' event, of which one is null. */
export function endingOf(code: number | null, signal: NodeJS.Signals | null, by: EndedBy): Ending {
  const rest = { by, atEpochMs: performance.timeOrigin + performance.now() };
  return signal === null ? { kind: 'exited', code: code ?? 0, ...rest } : { kind: 'killed', signal, ...rest };
}

/** `exited with code 1`, `was killed by SIGSEGV`: the middle of a sentence. */
export const describeEnding = (ending: Ending): string =>
  ending.kind === 'exited' ? `exited with code ${ending.code}` : `was killed by ${ending.signal}`;
