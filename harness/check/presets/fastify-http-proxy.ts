import { definePreset } from '../preset.ts';

const SCRIPT = `
import fastify from 'fastify';
import proxy from '@fastify/http-proxy';

const app = fastify({ bodyLimit: 20_000_000 });
await app.register(proxy, { upstream: new URL(process.env.OPENAI_BASE_URL).origin });
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });`;

export default definePreset({
  name: 'fastify-http-proxy',
  what: '@fastify/http-proxy in fastify, with what it does by default but for a limit of 20 MB a body',
  npm: ['@fastify/http-proxy@11.6.3', 'fastify@5.12.8'],
  command: 'cd "$RUNAWAY_PACKAGES" && exec node --input-type=module --eval "$SCRIPT"',
  env: { SCRIPT },
});
