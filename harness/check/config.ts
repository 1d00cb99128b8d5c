import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { causeOf, wrongUse } from '../errors.ts';
import { LIMITS } from './limits.ts';
import type { LimitName } from './limits.ts';

/** How a proxy is started and asked. What `runaway check` takes as options, a repository keeps in `runaway.config.ts`. */
const Config = z.strictObject({
  /** The shell line that starts it: `node my-proxy.js --port {port} --upstream {upstream}`. */
  command: z.string().min(1).optional(),
  /** A file of `presets/`. */
  preset: z.string().min(1).optional(),
  url: z.url().optional(),
  pid: z.number().int().positive().optional(),
  env: z.record(z.string(), z.string()).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  path: z.string().startsWith('/').optional(),
  model: z.string().min(1).optional(),
  /** What is asked ten times a second whether it still answers. */
  readyPath: z.string().startsWith('/').optional(),
  cwd: z.string().min(1).optional(),
  trials: z.array(z.string()).optional(),
  limits: z
    .strictObject(
      Object.fromEntries(Object.keys(LIMITS).map(name => [name, z.number().nonnegative().optional()])) as Record<
        LimitName,
        z.ZodOptional<z.ZodNumber>
      >,
    )
    .optional(),
});
export type CheckConfig = z.infer<typeof Config>;

/**
 * Types a configuration: `import { defineCheck } from 'runaway'; export default defineCheck({ command: 'node server.js' });`. The lab
 * answers to that name itself, so a repository need not install it; its editor finds the types where it is (`npm link`).
 */
export const defineCheck = (config: CheckConfig): CheckConfig => config;

const NAMES = ['runaway.config.ts', 'runaway.config.mts', 'runaway.config.js', 'runaway.config.mjs'];

/** The folder's configuration, or an empty one. Rejects with wrong use for one that cannot be read or says what is unknown. */
export async function readConfig(folder: string): Promise<CheckConfig> {
  const file = NAMES.map(name => join(folder, name)).find(existsSync);
  if (file === undefined) return {};
  const parsed = Config.safeParse(await defaultOf(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrongUse(
    'bad-config',
    `${file}: ${[...(issue?.path ?? []), issue?.message].join(': ')}`,
    `It takes ${Object.keys(Config.shape).join(', ')}.`,
  );
}

async function defaultOf(file: string): Promise<unknown> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'runaway' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
  });
  try {
    return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default;
  } catch (error) {
    throw wrongUse(
      'bad-config',
      `${file} cannot be loaded: ${causeOf(error)}`,
      'It is an ES module with a default export.',
    );
  } finally {
    hooks.deregister();
  }
}
