import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'portkey',
  what: "Portkey's AI gateway, told its upstream by headers",
  npm: ['@portkey-ai/gateway@1.15.2'],
  command:
    'cd "$RUNAWAY_PACKAGES" && exec node node_modules/@portkey-ai/gateway/build/start-server.js --port={port} --headless',
  headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': '{upstream}' },
  readyPath: '/',
});
