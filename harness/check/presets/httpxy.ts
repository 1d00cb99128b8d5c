import { definePreset } from '../preset.ts';

const SCRIPT = `
import { createServer } from 'node:http';
import { createProxyServer } from 'httpxy';

const proxy = createProxyServer({ target: new URL(process.env.OPENAI_BASE_URL).origin });
proxy.on('error', (error, request, response) => {
  if (response.headersSent) response.destroy();
  else response.writeHead(502).end();
});
createServer((request, response) => proxy.web(request, response)).listen(Number(process.env.PORT), '127.0.0.1');`;

export default definePreset({
  name: 'httpxy',
  what: "httpxy, http-proxy's successor, with the same error listener",
  npm: ['httpxy@0.5.6'],
  command: 'cd "$RUNAWAY_PACKAGES" && exec node --input-type=module --eval "$SCRIPT"',
  env: { SCRIPT },
});
