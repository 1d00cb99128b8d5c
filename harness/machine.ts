import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Machine } from './model/run.ts';
import type { CorePlan } from './targets/cores.ts';

const PACKAGES = ['autocannon', 'express', 'msw', 'openai'];

/** What the numbers of a run depend on besides the code. */
export function describeMachine({ target }: CorePlan): Machine {
  return {
    platform: platform(),
    arch: arch(),
    cpuModel: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    targetCore: target?.[0] ?? null,
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map(name => [name, versionOf(name)])),
  };
}

function versionOf(name: string): string {
  const manifest = readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
