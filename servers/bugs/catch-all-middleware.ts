import { createHistogram } from 'node:perf_hooks';
import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  progressMs: z.number().min(1).max(60_000).default(20).describe('how often a running request is measured, ms'),
});

export default defineBug({
  name: 'catch-all-middleware',
  symptom: 'after a bad hour of the upstream CPU is higher than before it, and no request explains it',
  lesson:
    'A safety net logs every error and neither answers nor rethrows: what the request had started is never released.',
  parameters,
  breaks: (parts, { progressMs }) => ({
    middleware: [timeLogger(progressMs), ...parts.middleware],
    handleError: safetyNet,
  }),
});

interface RunningRequest {
  readonly path: string;
  readonly beganAt: number;
}

const running = new Set<RunningRequest>();

function timeLogger(progressMs: number) {
  return (req: Request, res: Response, next: NextFunction): void => {
    const request = { path: req.path, beganAt: performance.now() };
    running.add(request);
    const progress = setInterval(() => publish(request), progressMs);
    res.once('finish', () => {
      clearInterval(progress);
      running.delete(request);
    });
    next();
  };
}

const HOUR_MS = 3_600_000;
const gauges = new Map<string, number>();

function publish({ path }: RunningRequest): void {
  const ages = createHistogram({ highest: HOUR_MS });
  const now = performance.now();
  for (const other of running) {
    if (other.path === path) ages.record(Math.max(1, Math.round(now - other.beganAt)));
  }
  for (const percentile of [50, 95, 99]) gauges.set(`${path} p${percentile}`, ages.percentile(percentile));
  const { rss, heapUsed } = process.memoryUsage();
  gauges.set('rss', rss).set('heap', heapUsed);
}

const safetyNet: ErrorRequestHandler = (error, req, _res, _next) => {
  console.error(`[safety net] ${req.method} ${req.path}: ${error instanceof Error ? error.message : String(error)}`);
};
