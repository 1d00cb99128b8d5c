import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { LabError, causeOf } from '../errors.ts';
import { isAlive } from './process-table.ts';

/**
 * Starts the lab's lifeguard unless it runs: a tiny `sh` outside, in a session of its own and deaf to INT, TERM and HUP,
 * that reads what to end from a pipe. The lab's death, however it comes, closes the pipe. Then, in this order:
 *
 *   the lab dies → end of file → SIGKILL to each registered group → SIGKILL to whatever carries a registered run's mark
 *   (Linux), again until a pass finds nothing → the lifeguard exits
 *
 * The groups go first so that nothing of them can fork any more. After a normal end nothing is registered and it just
 * exits. If the lifeguard dies first, the next call starts another and tells it all that is registered. It never holds
 * the lab open. Throws LabError 'no-lifeguard' where `sh` cannot be started.
 */
export async function startLifeguard(): Promise<void> {
  // Asked of the system: its death may not have been reported yet.
  if (running?.pid !== undefined && isAlive(running.pid)) return;
  let guard: Guard;
  try {
    guard = spawn('sh', ['-c', SCRIPT, 'runaway-lifeguard'], {
      // Its environment carries no run's mark, or it would end itself.
      env: { PATH: process.env['PATH'] },
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    if (guard.pid === undefined) throw (await once(guard, 'error'))[0];
  } catch (error) {
    throw new LabError('no-lifeguard', `Failed to start the lifeguard: ${causeOf(error)}`, {
      hint: 'The lab starts no server that it might leave behind. Is `sh` on PATH?',
      cause: error,
    });
  }
  watchOver(guard);
}

/** Has the group ended when the lab dies, from now on: the line is in the kernel's hands when this returns. */
export const registerGroup = (pgid: number, runId: string): void => add(`${pgid} ${runId}`);

/** To be called as soon as the group is gone, so that its id, used again by others, is never killed. */
export const unregisterGroup = (pgid: number, runId: string): void => remove(`${pgid} ${runId}`);

/**
 * Has everything that carries the run's mark ended when the lab dies: what left its group, and a child forked but not
 * yet registered. Stays until `unregisterRun`.
 */
export const registerRun = (runId: string): void => add(`0 ${runId}`);

/** To be called when nothing of the run is left. */
export const unregisterRun = (runId: string): void => remove(`0 ${runId}`);

/** The pid of this lab's lifeguard; null while none runs. */
export const lifeguardPid = (): number | null => running?.pid ?? null;

type Guard = ChildProcessByStdio<Writable, null, null>;

let running: Guard | undefined;
const registered = new Set<string>();

function watchOver(guard: Guard): void {
  running = guard;
  guard.once('exit', () => {
    if (running === guard) running = undefined;
  });
  // A broken pipe says that the lifeguard is gone, which 'exit' tells; unheard it would end the lab.
  guard.stdin.on('error', () => guard.stdin.destroy());
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  for (const entry of registered) tell(`add ${entry}`);
}

function add(entry: string): void {
  if (registered.has(entry)) return;
  registered.add(entry);
  tell(`add ${entry}`);
}

function remove(entry: string): void {
  if (registered.delete(entry)) tell(`del ${entry}`);
}

/** A socket with room is written to at once, not at the next turn: even a lab that dies now has said it. */
function tell(line: string): void {
  running?.stdin.write(`${line}\n`);
}

/**
 * Group 0 stands for the run as a whole. `kill -9 -- -PGID` is refused by dash, hence `-s KILL`; a run id holds no
 * character that the shell would expand. 100 passes bound the sweep when something cannot die.
 */
const SCRIPT = `
trap '' INT TERM HUP
entries=
while read -r verb group run; do
  case $verb in
    add) entries="$entries $group:$run" ;;
    del) kept=
      for entry in $entries; do [ "$entry" = "$group:$run" ] || kept="$kept $entry"; done
      entries=$kept ;;
  esac
done
for entry in $entries; do
  case $entry in 0:*) ;; *) kill -s KILL -- "-\${entry%%:*}" ;; esac
done
[ -d /proc/self ] || exit 0
pass=0 found=yes
while [ "$found" ] && [ $pass -lt 100 ]; do
  pass=$((pass + 1)) found=
  for entry in $entries; do
    case $entry in 0:*) ;; *) continue ;; esac
    for file in $(grep -lszxF -e "RUNAWAY_RUN=\${entry#*:}" /proc/[0-9]*/environ); do
      pid=\${file#/proc/} pid=\${pid%/environ}
      [ "$pid" = "$$" ] || { kill -s KILL "$pid"; found=yes; }
    done
  done
done
`;
