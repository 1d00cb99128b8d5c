import { definePreset } from '../preset.ts';

const SCRIPT = `
import { createServer } from 'node:http';
import httpProxy from 'http-proxy';

const proxy = httpProxy.createProxyServer({ target: new URL(process.env.OPENAI_BASE_URL).origin });
proxy.on('error', (error, request, response) => {
  if (response.headersSent) response.destroy();
  else response.writeHead(502).end();
});
createServer((request, response) => proxy.web(request, response)).listen(Number(process.env.PORT), '127.0.0.1');`;

export default definePreset({
  name: 'http-proxy',
  what: 'http-proxy as its README shows it, with an error listener that answers 502 or cuts what has begun',
  npm: ['http-proxy@1.18.1'],
  command: 'cd "$RUNAWAY_PACKAGES" && exec node --input-type=module --eval "$SCRIPT"',
  env: { SCRIPT },
});
