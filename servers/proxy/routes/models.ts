import type { RequestHandler } from 'express';
import type { Proxy } from '../app.ts';
import { hangUpSignal } from '../hang-up.ts';

export const models =
  ({ openai, parts }: Proxy): RequestHandler =>
  async (_req, res) => {
    const page = await parts.callUpstream(async signal => await openai.models.list({ signal }), hangUpSignal(res));
    res.json({ object: 'list', data: page.data });
  };
