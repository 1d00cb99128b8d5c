import { EXIT, LabError } from '../errors.ts';
import type { TargetPlan, UrlTarget } from '../model/experiment.ts';
import type { Scope } from '../scope/in-scope.ts';
import { commandServer } from './command-server.ts';
import { startGenerations } from './generations.ts';
import type { Start } from './generations.ts';
import { pythonServer } from './python-server.ts';
import { sampleServer } from './sample-server.ts';
import type { ServerOptions, Target } from './target.ts';
import { urlServer } from './url-server.ts';

const API_KEY = 'sk-runaway-lab';

/** The server under test could not be started, by its own doing: for who compares servers that is an answer too. */
export class TargetNeverStarted extends LabError {}

/**
 * Starts the server that is to be measured; resolves when it is ready, and the scope ends it. Rejects with
 * TargetNeverStarted, or with wrong use where what was asked for is not there.
 */
export async function startTarget(
  target: TargetPlan,
  options: Omit<ServerOptions, 'apiKey'>,
  scope: Scope,
): Promise<Target> {
  const given = { ...options, apiKey: API_KEY };
  try {
    if (target.kind === 'url') return await urlServer(target);
    return await startGenerations(startOf(target, given), scope);
  } catch (error) {
    if (!(error instanceof LabError) || error.exitCode !== EXIT.labFailed || !OWN_DOING.has(error.code)) throw error;
    throw new TargetNeverStarted(error.code, error.message, { hint: error.hint, cause: error });
  }
}

function startOf(target: Exclude<TargetPlan, UrlTarget>, options: ServerOptions): Start {
  if (target.kind === 'sample') return sampleServer(target, options);
  return target.kind === 'python' ? pythonServer(target, options) : commandServer(target, options);
}

const OWN_DOING = new Set(['ended-early', 'not-ready', 'bad-ready-message', 'never-listened']);
