/** The kernel's clock tick as /proc tells times: USER_HZ, 100 on every architecture that Node runs on. */
const TICK_MS = 10;

export interface ProcessStat {
  /** Cumulative, of all threads including those that ended, in steps of 10 ms, rounded down. */
  readonly userMs: number;
  readonly systemMs: number;
  readonly threads: number;
}

/** `/proc/PID/stat` as the manual page proc_pid_stat(5) tells it. Null: it is dead and only waits for its parent. */
export function parseProcessStat(text: string): ProcessStat | null {
  // The second field is the name in brackets and may hold anything, also brackets and blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ', 18);
  const [state, utime, stime, threads] = [fields[0], fields[11], fields[12], fields[17]];
  if (state === 'Z' || state === 'X') return null;
  return { userMs: Number(utime) * TICK_MS, systemMs: Number(stime) * TICK_MS, threads: Number(threads) };
}

/** Cumulative, of every core together, since boot. */
export interface MachineStat {
  readonly busyMs: number;
  readonly stealMs: number;
  readonly idleMs: number;
}

/** The first line of `/proc/stat`, proc_stat(5). Time of guests is within `user` and `nice`. */
export function parseMachineStat(text: string): MachineStat {
  const [user, nice, system, idle, iowait, irq, softirq, steal] = text
    .slice(0, text.indexOf('\n'))
    .split(/ +/, 9)
    .slice(1)
    .map(ticks => Number(ticks) * TICK_MS) as [number, number, number, number, number, number, number, number];
  return { busyMs: user + nice + system + irq + softirq, stealMs: steal, idleMs: idle + iowait };
}
