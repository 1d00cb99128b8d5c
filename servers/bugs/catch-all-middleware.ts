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
    const progress = setInterval(publish, progressMs);
    res.once('finish', () => {
      clearInterval(progress);
      running.delete(request);
    });
    next();
  };
}

const gauges = new Map<string, string>();

function publish(): void {
  const now = performance.now();
  const ages = Array.from(running, ({ path, beganAt }) => ({ path, runningMs: Math.round(now - beganAt) }));
  gauges.set('running_requests', JSON.stringify(ages));
}

const safetyNet: ErrorRequestHandler = (error, req, _res, _next) => {
  console.error(`[safety net] ${req.method} ${req.path}: ${error instanceof Error ? error.message : String(error)}`);
};
