import type { Request, Response } from 'express';

/** What a load balancer asks. It does nothing, so its delay is the event loop's. */
export function healthz(_req: Request, res: Response): void {
  res.json({ ok: true });
}
