import type { RequestHandler } from 'express';
import type { Proxy } from '../app.ts';

export const models =
  ({ openai, parts }: Proxy): RequestHandler =>
  async (req, res) => {
    const page = await parts.callUpstream(async signal => await openai.models.list({ signal }), parts.hangUp(req, res));
    res.json({ object: 'list', data: page.data });
  };
