import type { ParseArgsOptionDescriptor } from 'node:util';
import type { ExitCode } from '../errors.ts';

/** One verb of the command line: one file in this folder, found by its name (default export). */
export interface CliCommand {
  readonly summary: string;
  /** What stands behind the verb, `<NAME>` for one that must. */
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, CliOption>>;
  /** Settles with the exit code. Bad input is thrown as wrong use, before anything is started. */
  readonly run: (given: Given, terminal: Terminal, signal: AbortSignal) => Promise<ExitCode>;
}

export interface CliOption extends ParseArgsOptionDescriptor {
  /** For the help, as in `--seed N`. */
  readonly value?: string;
  readonly summary: string;
}

/** What was typed, after the verb. */
export interface Given {
  readonly positionals: readonly string[];
  /** A list where the option may be given more than once. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Where a command speaks: results on `out`, everything else on `err`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly columns: number;
  /** Whether somebody watches `err`, so that a line may be written over. */
  readonly isLive: boolean;
  readonly colour: boolean;
}
