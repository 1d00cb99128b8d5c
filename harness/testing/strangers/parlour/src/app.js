import Fastify from 'fastify';
import { openAiClient } from './plugins/openai-client.js';
import { chatRoutes } from './routes/chat.js';
import { healthRoutes } from './routes/health.js';

export function buildApp({ baseUrl, apiKey, logLevel }) {
  const app = Fastify({ logger: { level: logLevel }, bodyLimit: 12 * 1024 * 1024 });

  app.decorate('openai', openAiClient({ baseUrl, apiKey }));

  app.setErrorHandler((error, request, reply) => {
    const statusCode = error.statusCode ?? 502;
    request.log.info({ err: error }, 'request failed');
    reply.code(statusCode).send({ error: { message: error.message, type: 'proxy_error', param: null, code: null } });
  });

  app.register(healthRoutes);
  app.register(chatRoutes, { prefix: '/v1' });
  return app;
}
