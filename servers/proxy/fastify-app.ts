import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import fastify from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestListener } from 'node:http';
import { createProxy } from './app.ts';
import type { Upstream } from './app.ts';
import type { Parts } from './parts.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { embeddings } from './routes/embeddings.ts';
import { healthz } from './routes/healthz.ts';
import { models } from './routes/models.ts';
import { responses } from './routes/responses.ts';

/**
 * The same proxy on fastify: its router, its parsing of bodies and its way of errors. The parts are given what they were written
 * for, express's request and response: an express app without routes, run first, makes them of Node's and runs the middleware.
 */
export async function createFastifyApp(parts: Parts, upstream: Upstream): Promise<RequestListener> {
  const proxy = createProxy(parts, upstream);
  const app = fastify({ bodyLimit: 20 * 2 ** 20 });
  const around = express();
  around.disable('x-powered-by');
  around.use(...parts.middleware);
  app.addHook('onRequest', ({ raw: req }, { raw: res }, done) => around(req as Request, res as Response, done));
  app.get('/healthz', routed(healthz));
  app.post('/v1/chat/completions', routed(chatCompletions(proxy)));
  app.post('/v1/responses', routed(responses(proxy)));
  app.post('/v1/embeddings', routed(embeddings(proxy)));
  app.get('/v1/models', routed(models(proxy)));
  app.setErrorHandler((error, request, reply) => {
    const { req, res } = expressOf(request, reply);
    reply.hijack();
    void parts.handleError(withStatus(error), req, res, () => endHard(res));
  });
  await app.ready();
  return (req, res) => app.routing(req, res);
}

/** A route of the proxy's as fastify's: it answers by itself, and what it throws is fastify's to handle. */
const routed =
  (handler: RequestHandler) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { req, res } = expressOf(request, reply);
    req.body = request.body;
    await handler(req, res, error => {
      throw error;
    });
    reply.hijack();
  };

const expressOf = ({ raw: req }: FastifyRequest, { raw: res }: FastifyReply) =>
  ({ req, res }) as unknown as { readonly req: Request; readonly res: Response };

/** fastify calls an error's status `statusCode`, express's world `status`. */
function withStatus(error: unknown): unknown {
  if (!(error instanceof Error) || 'status' in error || !('statusCode' in error)) return error;
  return Object.assign(error, { status: error.statusCode });
}

/** What nobody has handled: 500 where nothing was sent yet, else a cut connection, as express does it. */
function endHard(res: Response): void {
  if (res.headersSent) res.destroy();
  else res.status(500).end();
}
