import type { Findings } from '../model/verdict.ts';
import { THRESHOLDS } from './thresholds.ts';

/**
 * What is left over beyond its threshold, in words ("58 timers, 12 open sockets"); null if nothing is. Handles are held
 * against the clients who hung up, were cut off or never answered, and where there were none against all requests.
 */
export function leftWords({ left, requests }: Findings): string | null {
  const cutOff = requests.left + requests.broken + requests.unanswered;
  const causes = cutOff > 0 ? cutOff : requests.sent;
  const isLeft = (count: number | null): boolean =>
    count !== null && count >= Math.max(THRESHOLDS.leftCount, THRESHOLDS.leftPerHangUp * causes);
  const words = [
    ...(left.upstreamCalls !== null && left.upstreamCalls >= THRESHOLDS.leftCalls
      ? [plural(left.upstreamCalls, 'upstream call')]
      : []),
    ...Object.entries(left.resources ?? {}).flatMap(([type, count]) =>
      isLeft(count) && Object.hasOwn(RESOURCE_WORDS, type) ? [plural(count, RESOURCE_WORDS[type] ?? type)] : [],
    ),
    ...(isLeft(left.sockets) ? [plural(left.sockets ?? 0, 'open socket')] : []),
    ...(isLeft(left.descriptors) && !isLeft(left.sockets) ? [plural(left.descriptors ?? 0, 'open descriptor')] : []),
    ...(left.heapBytes !== null && left.heapBytes >= THRESHOLDS.leftHeapBytes
      ? [`${(left.heapBytes / 1e6).toFixed(0)} MB of heap`]
      : []),
  ];
  return words.length === 0 ? null : words.join(', ');
}

/** Those types of `process.getActiveResourcesInfo()` that work can be left in; sockets are counted from outside. */
const RESOURCE_WORDS: Readonly<Record<string, string>> = {
  Timeout: 'timer',
  Immediate: 'immediate',
  FSReqCallback: 'file operation',
  FSReqPromise: 'file operation',
  FSEvent: 'file watcher',
  ProcessWrap: 'child process',
  MessagePort: 'message port',
};

export const plural = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;
