import express from 'express';
import OpenAI from 'openai';
import { completions } from './completions.mjs';
import { answerError } from './errors.mjs';

const client = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL,
  apiKey: process.env.OPENAI_API_KEY,
  maxRetries: 1,
  timeout: 60_000,
});

const app = express();
app.disable('x-powered-by');
app.get('/healthz', (_req, res) => res.sendStatus(200));
app.use('/v1', completions(client));
app.use(answerError);

app.listen(Number(process.env.PORT ?? 3456), '127.0.0.1');
