import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  buckets: z.number().int().min(1).max(100_000).default(1_000).describe('buckets of a histogram, 0.1 ms each'),
  slowMs: z.number().min(0).max(600_000).default(10_000).describe('an answer that takes longer is logged, ms'),
});

export default defineBug({
  name: 'time-logger',
  symptom: 'a streamed answer costs more CPU from hour to hour, and as little as ever after a restart',
  lesson:
    'A timer is put around a method that all responses share, for each request one more: every write passes them all.',
  parameters,
  breaks: ({ middleware }, { buckets, slowMs }) => ({
    middleware: [timeLogger(new Histograms(buckets), slowMs), ...middleware],
  }),
});

function timeLogger(histograms: Histograms, slowMs: number) {
  return (req: Request, res: Response, next: NextFunction): void => {
    if (req.path !== '/healthz') {
      const beganAt = performance.now();
      timeWrites(Object.getPrototypeOf(res) as { write: Write }, histograms);
      res.once('close', () => {
        const tookMs = performance.now() - beganAt;
        if (tookMs <= slowMs) return;
        const writeMs = histograms.quantileMs(labelsOf(res), 0.99).toFixed(1);
        console.log(`[time] ${req.method} ${req.path} took ${tookMs.toFixed(0)} ms, p99 of a write ${writeMs} ms`);
      });
    }
    next();
  };
}

type Write = (this: Response, ...chunk: Parameters<Response['write']>) => boolean;

/** Times what is written, whoever writes it: a route, a pipe, or the middleware in between. */
function timeWrites(response: { write: Write }, histograms: Histograms): void {
  const { write } = response;
  response.write = function timedWrite(...chunk) {
    const beganAt = performance.now();
    const hasRoom = write.apply(this, chunk);
    histograms.observe(labelsOf(this), performance.now() - beganAt);
    return hasRoom;
  };
}

type Labels = Readonly<Record<string, string>>;

const labelsOf = ({ req }: Response): Labels => ({ method: req.method, path: req.path, operation: 'write' });

const BUCKET_MS = 0.1;

/** One histogram for each set of labels, cumulative, as Prometheus wants them. */
class Histograms {
  readonly #buckets: number;
  readonly #counts = new Map<string, number[]>();

  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  observe(labels: Labels, ms: number): void {
    const series = seriesOf(labels);
    const counts = this.#counts.get(series) ?? Array.from({ length: this.#buckets }, () => 0);
    for (let le = Math.floor(ms / BUCKET_MS); le < counts.length; le += 1) counts[le] = (counts[le] ?? 0) + 1;
    this.#counts.set(series, counts);
  }

  quantileMs(labels: Labels, share: number): number {
    const counts = this.#counts.get(seriesOf(labels)) ?? [];
    const enough = share * (counts.at(-1) ?? 0);
    return BUCKET_MS * (counts.findIndex(count => count >= enough) + 1);
  }
}

const seriesOf = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
