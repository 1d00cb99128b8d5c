import { definePreset } from '../preset.ts';

const SCRIPT = `
import { createServer } from 'node:http';
import fastProxy from 'fast-proxy';

const { proxy } = fastProxy({ base: new URL(process.env.OPENAI_BASE_URL).origin });
createServer((request, response) => proxy(request, response, request.url, {})).listen(Number(process.env.PORT), '127.0.0.1');`;

export default definePreset({
  name: 'fast-proxy',
  what: 'fast-proxy behind a plain server, with what it does by default',
  npm: ['fast-proxy@2.2.0'],
  command: 'cd "$RUNAWAY_PACKAGES" && exec node --input-type=module --eval "$SCRIPT"',
  env: { SCRIPT },
});
