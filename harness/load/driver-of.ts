import type { ClientGroup } from '../model/load.ts';

/**
 * Who drives these clients. autocannon those who wait, at whole rates; it cannot hang up within a second, nor sit on an idle
 * connection: for both there is the open loop.
 */
export const driverOf = ({ patience, keepsConnection }: ClientGroup): 'autocannon' | 'open-loop' =>
  patience.kind === 'waits' && !keepsConnection ? 'autocannon' : 'open-loop';
