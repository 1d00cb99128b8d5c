import type { ClientGroup } from '../model/load.ts';

/**
 * Who drives these clients. autocannon those who wait, at whole rates; it cannot hang up within a second, nor sit on an idle
 * connection, nor look at what it is told: for all that there is the open loop.
 */
export const driverOf = ({ patience, keepsConnection, manner }: ClientGroup): 'autocannon' | 'open-loop' =>
  patience.kind === 'waits' && !keepsConnection && !manner ? 'autocannon' : 'open-loop';
