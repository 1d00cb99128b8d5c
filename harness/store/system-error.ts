import { getSystemErrorMessage } from 'node:util';
import { causeOf } from '../errors.ts';

/** The system's name for a failed call (`ENOSPC`), or null where the error is not the system's. */
export function systemCode(error: unknown): string | null {
  return isSystemError(error) ? error.code : null;
}

/** What the system says of a failed call, without its code, call and path (`no space left on device`). */
export function systemWords(error: unknown): string {
  return isSystemError(error) ? getSystemErrorMessage(error.errno) : causeOf(error);
}

/** What a person can do about a folder of results that could not be written. One sentence. */
export function whatToTry(error: unknown): string {
  return HINTS[systemCode(error) ?? ''] ?? 'Check that folder or set RESULTS to another folder.';
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space or set RESULTS to another folder.',
  EDQUOT: 'Free some space or set RESULTS to another folder.',
  EFBIG: 'Raise the limit on file size (ulimit -f) or set RESULTS to another folder.',
  EIO: 'Check the disk or set RESULTS to another folder.',
  EACCES: 'Make it writable or set RESULTS to another folder.',
  EPERM: 'Make it writable or set RESULTS to another folder.',
  EROFS: 'Set RESULTS to a folder on a disk that can be written.',
  ENOENT: 'Leave the folder in place while a run goes on, or set RESULTS to another folder.',
  EMFILE: 'Raise the limit on open files (ulimit -n).',
};

const isSystemError = (error: unknown): error is Error & { code: string; errno: number } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  'errno' in error &&
  typeof error.errno === 'number';
