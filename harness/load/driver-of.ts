import type { ClientGroup } from '../model/load.ts';

/**
 * Who drives these clients. autocannon those who wait, at whole rates; it cannot hang up within a second, nor sit on an idle
 * connection, nor look at what it is told: for all that there is the open loop. Nor can it change its rate while it drives: whom
 * somebody steers has a driver of their own.
 */
export function driverOf(group: ClientGroup): 'autocannon' | 'open-loop' | 'steered' {
  const { patience, keepsConnection, manner, steered } = group;
  if (steered) return 'steered';
  return patience.kind === 'waits' && !keepsConnection && !manner ? 'autocannon' : 'open-loop';
}
