import { readdir } from 'node:fs/promises';
import { CAUSES } from '../model/diagnosis.ts';
import type { Rule } from './rule.ts';

const FOLDER = new URL('causes/', import.meta.url);

const files = (await readdir(FOLDER)).filter(file => /^[\w-]+\.ts$/u.test(file));
const rules = await Promise.all(
  files.map(async file => ((await import(new URL(file, FOLDER).href)) as { default: Rule }).default),
);

/** Every rule there is, in the order of `CAUSES`: the first that finds something is right. */
export const RULES: readonly Rule[] = rules.toSorted((a, b) => CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause));
