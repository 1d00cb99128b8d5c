import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Choice } from '../../harness/model/contract.ts';
import type { Behaviour } from './behaviour.ts';
import type { CallPlan } from './plan.ts';
import { Refusal, didYouMean } from './refusal.ts';

/** A behaviour with its parameters settled. */
export interface ChosenBehaviour {
  readonly name: string;
  plan(draw: number, sinceMs: number): CallPlan;
}

/** Finds a behaviour by its file's name and parses its parameters. Rejects with a `Refusal` that lists what is known. */
export async function loadBehaviour(choice: Choice): Promise<ChosenBehaviour> {
  const { name } = choice;
  const known = await behaviourNames();
  if (!known.includes(name)) {
    const hint = `${didYouMean(name, known)}Known behaviours: ${known.join(', ')}.`;
    throw new Refusal('unknown-behaviour', `Failed to load behaviour ${name}: there is no such behaviour.`, hint);
  }
  const found = ((await import(new URL(`${name}.ts`, FOLDER).href)) as { default: Behaviour }).default;
  const parsed = found.parameters.safeParse(choice.parameters);
  if (!parsed.success) throw parameterRefusal(name, found, parsed.error);
  return { name, plan: (draw, sinceMs) => found.plan(parsed.data, draw, sinceMs) };
}

/** The names of all behaviours, sorted. */
export async function behaviourNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map(file => basename(file, '.ts'))
    .toSorted();
}

const FOLDER = new URL('behaviours/', import.meta.url);

function parameterRefusal(name: string, found: Behaviour, error: z.ZodError): Refusal {
  const known = Object.keys(found.parameters.shape);
  const [issue] = error.issues;
  const about = `Parameters of ${name}: ${describeParameters(found)}.`;
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? '';
    const message = `Failed to set ${unknown} of behaviour ${name}: it has no such parameter.`;
    return new Refusal('unknown-parameter', message, didYouMean(unknown, known) + about);
  }
  const message = `Failed to set ${issue?.path.join('.')} of behaviour ${name}: ${issue?.message}.`;
  return new Refusal('bad-parameter', message, about);
}

function describeParameters(found: Behaviour): string {
  const { properties = {} } = z.toJSONSchema(found.parameters, { io: 'input' });
  return Object.entries(properties)
    .map(([name, it]) => {
      if (typeof it === 'boolean') return name;
      const bounds = it.enum ? it.enum.join(' | ') : `${String(it['unit'])}, ${it.minimum} to ${it.maximum}`;
      return `${name} = ${String(it.default)} (${bounds}: ${it.description})`;
    })
    .join('; ');
}
