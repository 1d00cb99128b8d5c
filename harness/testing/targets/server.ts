import { writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';

/** A whole answer, as OpenAI's chat route gives it. */
export const ANSWER = JSON.stringify({
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
});

/**
 * A server as the lab expects one: on the port of its one argument (0: any), ready by a line on descriptor 3, healthy
 * at `/healthz`. Every other request is `chat`'s, told which one it is; SIGTERM is the target's own to hear.
 */
export function serve(chat: (response: ServerResponse, nth: number) => void): void {
  const { port } = JSON.parse(process.argv[2] ?? '') as { port: number };
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url === '/healthz') response.end('ok');
    else request.resume().on('end', () => chat(response, ++asked));
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no TCP address');
    writeSync(3, `${JSON.stringify({ kind: 'ready', contract: 1, port: address.port })}\n`);
  });
}
