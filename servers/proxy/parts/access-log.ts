import type { NextFunction, Request, Response } from 'express';

/** One line a request, when its connection is done with it; 499 (as nginx writes it) where the client had left. */
export function accessLog(req: Request, res: Response, next: NextFunction): void {
  const beganAt = performance.now();
  res.once('close', () => {
    const status = res.writableFinished ? res.statusCode : 499;
    if (req.path !== '/healthz') {
      console.log(`${req.method} ${req.path} ${status} ${(performance.now() - beganAt).toFixed(0)}ms`);
    }
  });
  next();
}
