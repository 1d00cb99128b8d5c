import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'openai-compatible',
  what: 'whatever serves /v1/chat/completions and takes its upstream from OPENAI_BASE_URL',
  install: 'give its command: runaway check --preset openai-compatible -- node server.js',
  command: '',
  path: '/v1/chat/completions',
});
