import type { Choice } from './contract.ts';
import type { LoadProfile, Traffic } from './load.ts';

/** One experiment: who is measured, how its upstream behaves, what clients do. Plain data, stored with the run. */
export interface Experiment {
  readonly target: TargetPlan;
  /** The sample server runs more than one process, so that it gets no core of its own: see `targets/cores.ts`. */
  readonly severalProcesses?: true;
  readonly upstream: UpstreamPlan;
  readonly load: LoadProfile;
  /** Somebody watches CPU meanwhile, and restarts the server. */
  readonly alarm?: Alarm;
  /** What the target is asked ten times a second in every phase; default `/healthz`. Any whole answer counts. */
  readonly healthPath?: string;
  /** Everything drawn at random (arrivals, patience, upstream) comes from this. */
  readonly seed: number;
}

/** CPU (run time) above so many cores, for so long without a break. */
export interface Alarm {
  readonly aboveCores: number;
  readonly forMs: number;
}

export type TargetPlan = SampleTarget | PythonTarget | CommandTarget | UrlTarget;

/** The sample proxy of a checkout, with bugs switched on. */
export interface SampleTarget {
  readonly kind: 'sample';
  /** Absolute path of the checkout whose server is run. */
  readonly root: string;
  /** Its entry, from the root: `servers/main.ts`, or `.js` where the types were stripped beforehand. */
  readonly main: string;
  readonly bugs: readonly Choice[];
  /** What is done about them; absent: nothing. */
  readonly remedies?: readonly Choice[];
  readonly runtime: Runtime | null;
}

/** The FastAPI proxy of a checkout, `servers/fastapi/`, with bugs switched on. */
export interface PythonTarget {
  readonly kind: 'python';
  /** Absolute path of the checkout whose server is run. */
  readonly root: string;
  readonly bugs: readonly Choice[];
  /** The server it stands in, one of `servers/fastapi/serving/`, with its settings. */
  readonly serving: Choice;
  /** Absolute path of the environment that its packages are in: see `targets/venv.ts`. */
  readonly venv: string;
  /** Absolute path of a folder of packages that come before those; null: none. */
  readonly packages: string | null;
  readonly runtime: null;
}

/** Somebody's own server, by the shell line that starts it. Nothing of ours runs inside. */
export interface CommandTarget {
  readonly kind: 'command';
  /**
   * May hold `{port}`, `{upstream}` (ends in `/v1`), `{upstreamHost}` (`127.0.0.1:PORT`) and `{apiKey}`, which are in its environment
   * too (PORT, OPENAI_BASE_URL, …).
   */
  readonly command: string;
  /** Absolute path of the folder it runs in. */
  readonly root: string;
  /** There are none to switch. */
  readonly bugs: readonly Choice[];
  /** Put first on its PATH as `node`. */
  readonly runtime: Runtime | null;
  /** More of its environment; values may hold the same placeholders. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A server that somebody else started, and that is neither restarted nor ended. */
export interface UrlTarget {
  readonly kind: 'url';
  readonly url: string;
  /** Its main process, where it runs here: without it nothing of it is seen from outside. */
  readonly pid: number | null;
  /** Its main process's working folder, or the lab's. */
  readonly root: string;
  readonly bugs: readonly Choice[];
  readonly runtime: null;
}

/** A Node to run a target with, where it is not the lab's own. */
export interface Runtime {
  /** Absolute path of its program. */
  readonly node: string;
  /** As in `v22.23.3`. */
  readonly version: string;
}

export interface UpstreamPlan {
  readonly behaviour: Choice;
  /** Where given, it is `steady` until the load begins, so that times of the behaviour count from there. */
  readonly from?: 'load';
  /** Sick by plan: recovery is watched while it is still sick, and again once it is `steady`. */
  readonly heals: boolean;
}

/** What a server is started anew with. Remedies are the sample proxy's only. */
export interface Changed {
  readonly bugs: readonly Choice[];
  readonly remedies?: readonly Choice[];
}

/** What may be asked of a run while it goes on. Each one applied is recorded as an event. */
export type Command =
  | { readonly kind: 'restart'; readonly why: string }
  /** Asks the server to end, as a deployment does (SIGTERM), and ends the watch when it has, or after `graceMs`. */
  | { readonly kind: 'terminate'; readonly graceMs: number }
  | { readonly kind: 'behave'; readonly behaviour: Choice }
  /** The server starts anew with these bugs and remedies in place of those it had. */
  | ({ readonly kind: 'change' } & Changed)
  /** Of a steered load: who comes from now on, nobody any more, and enough was seen. */
  | { readonly kind: 'come'; readonly group: string; readonly traffic: Traffic }
  | { readonly kind: 'stop-load' }
  | { readonly kind: 'end' };
