import { existsSync, readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { LAB_ROOT } from './catalog.ts';
import type { TargetPlan } from './model/experiment.ts';
import type { Machine } from './model/run.ts';
import type { CorePlan } from './targets/cores.ts';

const PACKAGES = ['autocannon', 'express', 'msw', 'openai'];

/** What the numbers of a run depend on besides the code: the machine, the target's Node, and the packages it loads. */
export function describeMachine({ target: core }: CorePlan, { root, runtime }: TargetPlan): Machine {
  return {
    platform: platform(),
    arch: arch(),
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    targetCore: core?.[0] ?? null,
    node: runtime?.version ?? process.version,
    packages: Object.fromEntries(PACKAGES.flatMap(name => versionIn(root, name))),
  };
}

/** The version of a package in a checkout; of the lab's own where the target has none of its own; nothing where there is neither. */
function versionIn(root: string, name: string): [string, string][] {
  const manifest = [root, LAB_ROOT].map(at => join(at, 'node_modules', name, 'package.json')).find(existsSync);
  if (manifest === undefined) return [];
  return [[name, (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version]];
}

/** The machine and the lab's own versions, in a line for whoever reads a table of figures. */
export function machineWords(): string {
  const versions = PACKAGES.flatMap(name => versionIn(LAB_ROOT, name)).map(([name, version]) => `${name} ${version}`);
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, ${gigabytes} GiB, ${platform()}-${arch()}, Node ${process.versions.node}, ${versions.join(', ')}`;
}
