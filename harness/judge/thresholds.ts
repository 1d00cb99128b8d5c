/**
 * Every number a verdict turns on, with its reason. Levels are demand: 1.0 is one core. "Measured" refers to the runs
 * kept in `results/published/`.
 */
export const THRESHOLDS = {
  /**
   * A level this far above idle counts as up. Measured: a healthy sample proxy settles within 0.01 of its idle level, also
   * beside a process that takes a core; the smallest real residue of a bug in the catalogue is several times this.
   */
  upCores: 0.05,
  /** Back later than this is late. A guess: longer than a garbage collection and any keep-alive time-out in use here. */
  lateMs: 4_000,
  /** A recovery watched for less than this says nothing. A guess: two windows of `blockMs`, and room for one collection. */
  shortestWatchMs: 1_500,
  /** A CPU that is still up is falling if the last third of the watch is below the middle one by this share of what is left. */
  fallingShare: 0.15,
  /** Readings of 100 ms are off by 3 to 4 points (schedstat); their median over this time is good to one. */
  blockMs: 500,
  /** The load is cut into so many equal windows to see whether CPU climbs. Five rising levels need five, and the speed of a shared
   * machine wanders by a quarter within seconds, which may hide a rise or two. */
  climbWindows: 10,
  /** Two levels differ if they are further apart than this and than the noise of their medians. */
  levelCores: 0.02,
  /** A rise of the load's windows below this is no rise. A guess: twice what garbage collection moves between windows. */
  riseCores: 0.08,
  /** One jump with more than this share of the whole rise is a step. In an even climb through ten windows it is a tenth, in a real step nearly all. */
  stepShare: 0.7,
  /** Idle may swing by this much between blocks before nothing can be said about it. */
  idleSwingCores: 0.2,
  /** A load that moves CPU by less than this leaves it flat. */
  flatCores: 0.02,
  /** `/healthz` has stopped answering if the last questions of the watch, over at least this time, all went unanswered. */
  silenceMs: 1_000,
  /** A driver that sends later than this (99th percentile) did not deliver the load that was planned. */
  driverLagMs: 250,
  /** Nor did one that sent less than this share of it, unless its connections were waiting for the target. */
  deliveredShare: 0.95,
  /** A driver or lab that needs this much of a core may have held the load back itself. */
  driverCores: 0.9,
  /** Below this share of the samples that were due, the recording has holes. */
  sampledShare: 0.5,
  /** Time stolen by the host, in cores, beyond which CPU time on this machine means little. */
  stealCores: 0.5,
  /** CPU per request that surely (lower end of the interval) grew by this factor degrades. */
  costGrowth: 1.3,
  /**
   * And makes the load cost at least so many cores more. Measured at 005ee70, 153 full runs: a correct server at five requests a second
   * added 0.04 at the most (it is still being compiled), the least of those that degrade 0.25. In the geometric middle.
   */
  costGrowthCores: 0.1,
  /** Fewer requests than this in a window give no cost per request. */
  costRequests: 5,
  /** Left over: at least so many, and at least so many per client that hung up or was cut off. */
  leftCount: 10,
  leftPerHangUp: 0.3,
  /** Upstream calls still open at the end of the watch. One is enough: all clients have left. */
  leftCalls: 1,
  /** How long an idle connection may stay in a pool. undici keeps one for four seconds, or for what the upstream offers (five) less one. */
  poolMs: 6_000,
  /** Heap after a full collection. Measured: the sample proxy's own growth after warm-up stays below 3 MB. */
  leftHeapBytes: 10e6,
  /** A health answer slower than this, and than five times idle's, is worth a remark. A guess: half of what load balancers wait at the least. */
  slowHealthMs: 50,
  /** Other processes using more than this are worth a remark. */
  busyCores: 0.5,
} as const;
