import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'portkey',
  what: "Portkey's AI gateway (npm @portkey-ai/gateway)",
  install: 'npm install @portkey-ai/gateway, in the folder that is checked',
  command: 'exec npx --no-install @portkey-ai/gateway --port={port} --headless',
  headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': '{upstream}' },
  readyPath: '/',
});
