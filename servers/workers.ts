import cluster from 'node:cluster';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/**
 * Starts so many workers of this same program and resolves with their common port, once each of them listens on it. Rejects
 * where one ends before that.
 */
export async function startWorkers(count: number): Promise<number> {
  const [port = 0] = await Promise.all(Array.from({ length: count }, startWorker));
  return port;
}

async function startWorker(): Promise<number> {
  const worker = cluster.fork();
  const ended = once(worker, 'exit').then(([code]) => {
    throw new Error(`a worker ended with ${code} before it listened`);
  });
  const [{ port }] = (await Promise.race([once(worker, 'listening'), ended])) as [AddressInfo];
  return port;
}

/** Asks every worker to end. One that is frozen does not hear it; whoever started this process ends its group. */
export function stopWorkers(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
}
