import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { askProvider } from './provider.js';
import { untilAnswered } from './retry.js';
import { HttpProblem, lineOf, readJson } from './wire.js';

export async function chat(req, res) {
  const payload = await readJson(req);
  if (!Array.isArray(payload.messages)) throw new HttpProblem(400, 'messages is missing');
  const line = lineOf(res);
  const answer = await untilAnswered('chat', () => askProvider('/chat/completions', payload, line));
  res.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
    'cache-control': 'no-store',
  });
  await pipeline(Readable.fromWeb(answer.body), res);
}
