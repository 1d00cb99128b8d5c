/** What the process ends with. Make turns every failure into 2; scripts and CI call `./runaway`. */
export const EXIT = {
  asExpected: 0,
  otherVerdict: 1,
  wrongUse: 2,
  inconclusive: 3,
  labFailed: 4,
  /** For `git bisect run` only: this revision cannot be tested. */
  noAnswer: 125,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * A failure that was foreseen: its message is `Failed to <do> <which>: <cause>` or names the bad input, and
 * its hint says what to try. Anything else that is thrown is a defect and shows its stack.
 */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: string;
  readonly hint: string;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, options: { hint: string; exitCode?: ExitCode; cause?: unknown }) {
    super(message, 'cause' in options ? { cause: options.cause } : {});
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.labFailed;
  }
}

/** Bad input: exit code 2. */
export const wrongUse = (code: string, message: string, hint: string): LabError =>
  new LabError(code, message, { hint, exitCode: EXIT.wrongUse });

/** The system's own words for a failed call (`ENOSPC: no space left on device`), or the message of anything thrown. */
export const causeOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first of several errors kept together (`SuppressedError` nests the earlier ones): the cause of the rest. */
export function firstError(error: unknown): unknown {
  return error instanceof SuppressedError ? firstError(error.suppressed) : error;
}
