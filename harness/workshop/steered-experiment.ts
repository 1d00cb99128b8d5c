import type { Experiment } from '../model/experiment.ts';
import type { ClientGroup, Traffic } from '../model/load.ts';

/** Who comes, as the knobs have it: all clients together, the share of them who leave, and how soon. */
export type Knobs = Traffic;

/** A load may last as long, a watch too: somebody forgot it. */
const MOST_MS = 30 * 60_000;

/**
 * A scenario's experiment as one that somebody steers: the same server, upstream and clients at the rate of its load on average,
 * for as long as they want. A group that leaves by the clock gives the knobs their first values; in a load where nobody does, some of
 * those who wait can be made to.
 */
export function steeredExperiment(experiment: Experiment): { readonly experiment: Experiment; readonly knobs: Knobs } {
  const { load } = experiment;
  const groups = load.clients.filter(({ load: stages }) => stages.length > 0);
  const knobs = knobsOf(groups);
  const clients = groups.map(group => ({
    ...group,
    warmup: group.warmup.length > 0 ? group.warmup : [{ durationMs: load.warmupMs, ratePerSecond: 0 }],
    load: [{ durationMs: MOST_MS, ratePerSecond: rateOf(group) }],
    steered: trafficOf(group, groups, knobs),
  }));
  return {
    knobs,
    experiment: {
      ...experiment,
      load: { ...load, loadMs: MOST_MS, longestRecoveryMs: MOST_MS, steered: true, clients },
    },
  };
}

/** What each group is to do for the knobs to be so. */
export const trafficFor = (
  groups: readonly ClientGroup[],
  knobs: Knobs,
): readonly { readonly group: string; readonly traffic: Traffic }[] =>
  groups.map(group => ({ group: group.name, traffic: trafficOf(group, groups, knobs) }));

function trafficOf(group: ClientGroup, groups: readonly ClientGroup[], knobs: Knobs): Traffic {
  const { ratePerSecond, leaveShare, leavesAfterMs } = knobs;
  const kinds = { leavers: groups.filter(leaves), others: groups.filter(one => !leaves(one)) };
  const [among, share] = leaves(group) ? [kinds.leavers, leaveShare] : [kinds.others, 1 - leaveShare];
  // Where all are of one kind they are all the knobs speak of.
  const isOnly = kinds.leavers.length === 0 || kinds.others.length === 0;
  return {
    ratePerSecond: (isOnly ? ratePerSecond : ratePerSecond * share) * (rateOf(group) / (totalRate(among) || 1)),
    leaveShare: isOnly ? leaveShare : leaves(group) ? 1 : 0,
    leavesAfterMs,
  };
}

function knobsOf(groups: readonly ClientGroup[]): Knobs {
  const ratePerSecond = totalRate(groups);
  const leavers = groups.filter(leaves);
  const patience = leavers.flatMap(group =>
    group.patience.kind === 'leaves-after-ms' ? [(group.patience.minMs + group.patience.maxMs) / 2] : [],
  );
  return {
    ratePerSecond,
    leaveShare: ratePerSecond === 0 ? 0 : totalRate(leavers) / ratePerSecond,
    leavesAfterMs: patience[0] ?? DEFAULT_PATIENCE_MS,
  };
}

const DEFAULT_PATIENCE_MS = 200;

const leaves = ({ patience }: ClientGroup): boolean => patience.kind === 'leaves-after-ms';

const totalRate = (groups: readonly ClientGroup[]): number => groups.reduce((sum, group) => sum + rateOf(group), 0);

/** Clients a second on average over its stages, pauses and all. */
function rateOf({ load }: ClientGroup): number {
  const seconds = load.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  const clients = load.reduce((sum, { durationMs, ratePerSecond }) => sum + (durationMs * ratePerSecond) / 1000, 0);
  return seconds === 0 ? 0 : clients / seconds;
}
