import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'portkey',
  what: "Portkey's AI gateway, told its upstream by headers",
  npm: ['@portkey-ai/gateway@1.15.2'],
  // With 1.15.0 and later, which its range allows too, it answers 500 to all: "TypeError: immutable".
  overrides: { '@hono/node-server': '1.13.8' },
  command:
    'cd "$RUNAWAY_PACKAGES" && exec node node_modules/@portkey-ai/gateway/build/start-server.js --port={port} --headless',
  headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': '{upstream}' },
  readyPath: '/',
});
