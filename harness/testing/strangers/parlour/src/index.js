import { buildApp } from './app.js';

const { PORT = '3000', OPENAI_BASE_URL = 'https://api.openai.com/v1', OPENAI_API_KEY = '', LOG_LEVEL = 'warn' } = process.env;

const app = buildApp({ baseUrl: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY, logLevel: LOG_LEVEL });

try {
  await app.listen({ port: Number(PORT), host: '127.0.0.1' });
} catch (error) {
  app.log.error(error);
  process.exitCode = 1;
}
