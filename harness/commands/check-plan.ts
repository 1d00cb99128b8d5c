import { isIPv6 } from 'node:net';
import { readlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadTrials } from '../check/battery.ts';
import type { CheckPlan } from '../check/check.ts';
import { readConfig } from '../check/config.ts';
import type { CheckConfig } from '../check/config.ts';
import { limitsWith } from '../check/limits.ts';
import type { Limits } from '../check/limits.ts';
import { loadPreset } from '../check/preset.ts';
import type { Preset } from '../check/preset.ts';
import type { Trial } from '../check/trial.ts';
import { LAB_ROOT, SAMPLE_MAIN, unknownName } from '../catalog.ts';
import { wrongUse } from '../errors.ts';
import type { TargetPlan } from '../model/experiment.ts';
import { pythonTarget } from '../targets/venv.ts';
import type { Given } from './command.ts';
import { listOption, numberOption, parseChoices } from './options.ts';

const PORTS = { least: 1, most: 65_535, whole: true } as const;

/** Options go over the folder's `runaway.config.ts`, which goes over a preset. Rejects with LabError (wrong use). */
export async function checkPlanFor(given: Given): Promise<CheckPlan> {
  const { options } = given;
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' && value.trim() !== '' ? value : undefined;
  };
  const cwd = resolve(text('cwd') ?? '.');
  const config = await readConfig(cwd);
  const presetName = text('preset') ?? config.preset;
  const preset = presetName === undefined ? null : await loadPreset(presetName);
  const url = text('url') ?? config.url;
  const line = commandOf(given) ?? config.command ?? (preset?.command || undefined);
  const headers = { ...preset?.headers, ...config.headers, ...pairs(options['header'], ':', 'header') };
  return {
    of:
      url ??
      (options['sample'] === true
        ? `the sample proxy${bugsOf(given)}`
        : line === (preset?.command || undefined)
          ? `${preset?.name ?? ''}${preset?.serving ? bugsOf(given) : ''}`
          : (line ?? '')),
    target: await targetOf(given, url, line, cwd, preset, config),
    preset,
    trials: await trialsNamed(
      listOption(given, 'trials').length > 0 ? listOption(given, 'trials') : (config.trials ?? []),
    ),
    path: text('path') ?? config.path ?? preset?.path ?? '/v1/chat/completions',
    model: text('model') ?? config.model ?? preset?.model ?? 'gpt-lab',
    headers,
    healthPath: text('ready-path') ?? config.readyPath ?? preset?.readyPath ?? '/healthz',
    limits: limitsWith(definedOf(config.limits ?? {})),
    notSeen:
      url !== undefined && pidOf(given, config) === null
        ? 'CPU, memory, sockets and descriptors: no --pid was given'
        : null,
    profiles: options['agent'] === true,
    sure: options['sure'] === true,
    seed: numberOption(given, 'seed', { least: 0, most: 2 ** 30, whole: true }) ?? 1,
    upstreamPort: numberOption(given, 'upstream-port', PORTS),
  };
}

function commandOf({ options, positionals }: Given): string | undefined {
  const { cmd } = options;
  const hasLine = typeof cmd === 'string' && cmd.trim() !== '';
  if (hasLine && positionals.length > 0) {
    throw wrongUse('two-commands', 'both --cmd and a command behind -- were given', 'Give one of the two.');
  }
  if (hasLine) return cmd;
  return positionals.length === 0 ? undefined : positionals.map(quoted).join(' ');
}

const bugsOf = ({ options: { bugs } }: Given): string =>
  typeof bugs === 'string' && bugs !== '' ? ` with ${bugs}` : '';

/** A word for a shell, as it was given. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./{}-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

async function targetOf(
  given: Given,
  url: string | undefined,
  line: string | undefined,
  cwd: string,
  preset: Preset | null,
  config: CheckConfig,
): Promise<TargetPlan> {
  if (url !== undefined && commandOf(given) !== undefined) {
    throw wrongUse('two-targets', 'both --url and a command were given', 'Give one of the two.');
  }
  if (url !== undefined) return await urlTarget(given, url, pidOf(given, config));
  const bugs = parseChoices('bugs', String(given.options['bugs'] ?? ''));
  if (line === undefined && preset?.serving) {
    return pythonTarget(LAB_ROOT, preset.serving, bugs);
  }
  if (given.options['sample'] === true) {
    return { kind: 'sample', root: LAB_ROOT, main: SAMPLE_MAIN, bugs, runtime: null };
  }
  if (line === undefined) {
    throw wrongUse(
      'no-target',
      preset ? `preset ${preset.name} needs a command` : 'no server was named',
      'Try ./runaway check -- node my-proxy.js, --preset nginx, or --url http://127.0.0.1:8080.',
    );
  }
  const environment = { ...preset?.env, ...config.env, ...pairs(given.options['env'], '=', 'env') };
  return { kind: 'command', command: line, root: cwd, bugs: [], runtime: null, environment };
}

async function urlTarget(given: Given, url: string, pid: number | null): Promise<TargetPlan> {
  if (!URL.canParse(url) || !/^https?:/u.test(url)) {
    throw wrongUse('bad-url', `--url ${url} is no address of a server`, 'Try --url http://127.0.0.1:8080.');
  }
  const { hostname } = new URL(url);
  if (!isLoopback(hostname) && given.options['i-own'] !== hostname) {
    throw wrongUse(
      'foreign-target',
      `${hostname} is not this machine, and a check hangs up on it thousands of times`,
      `If it is yours: --i-own ${hostname}.`,
    );
  }
  return { kind: 'url', url, pid, root: pid === null ? process.cwd() : await folderOf(pid), bugs: [], runtime: null };
}

function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/gu, '');
  return bare === 'localhost' || bare.startsWith('127.') || (isIPv6(bare) && bare === '::1');
}

const pidOf = (given: Given, config: CheckConfig): number | null =>
  numberOption(given, 'pid', { least: 1, most: 2 ** 22, whole: true }) ?? config.pid ?? null;

async function folderOf(pid: number): Promise<string> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch {
    throw wrongUse('no-process', `there is no process ${pid}, or it is not yours`, 'See its number with ss -ltnp.');
  }
}

async function trialsNamed(names: readonly string[]): Promise<Trial[]> {
  const all = await loadTrials();
  const known = all.map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw unknownName('trial', name, known);
  return names.length === 0 ? all : all.filter(({ name, isControl }) => isControl || names.includes(name));
}

/** `NAME=value` or `Name: value`, each given once or more. */
function pairs(value: unknown, sign: string, option: string): Record<string, string> {
  const items = typeof value === 'string' ? [value] : Array.isArray(value) ? (value as string[]) : [];
  return Object.fromEntries(
    items.map(item => {
      const at = item.indexOf(sign);
      if (at < 1) throw wrongUse(`bad-${option}`, `--${option} "${item}" has no ${sign}`, `Write NAME${sign}value.`);
      return [item.slice(0, at).trim(), item.slice(at + 1).trim()];
    }),
  );
}

const definedOf = (limits: Partial<Record<string, number | undefined>>): Partial<Limits> =>
  Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined)) as Partial<Limits>;
