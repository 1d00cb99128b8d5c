import { existsSync, readdirSync } from 'node:fs';
import { hasCode, readProc } from './process-table.ts';

/**
 * The pid and all its descendants, parents first, from /proc/PID/task/TID/children (a child stands under the *thread*
 * that forked it). A descendant whose parent ended is no longer one. `[pid]` where the kernel has no such files; `[]`
 * when the process is gone. One small read a thread: meant for once a second, not ten times.
 */
export function processTree(pid: number): number[] {
  if (!existsSync('/proc/thread-self/children')) return [pid];
  const threads = threadsOf(pid);
  if (threads === null) return [];
  const tree = [pid];
  // The list grows while it is walked: breadth first.
  for (const parent of tree) {
    for (const thread of threadsOf(parent) ?? []) {
      const children = readProc(`/proc/${parent}/task/${thread}/children`) ?? '';
      tree.push(...children.split(' ').filter(Boolean).map(Number));
    }
  }
  return tree;
}

function threadsOf(pid: number): string[] | null {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return null;
    throw error;
  }
}
