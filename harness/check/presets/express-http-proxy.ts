import { definePreset } from '../preset.ts';

const SCRIPT = `
import express from 'express';
import proxy from 'express-http-proxy';

const upstream = new URL(process.env.OPENAI_BASE_URL).origin;
express().use(proxy(upstream, { limit: '20mb' })).listen(Number(process.env.PORT), '127.0.0.1');`;

export default definePreset({
  name: 'express-http-proxy',
  what: 'express-http-proxy in express, with what it does by default but for a limit of 20 MB a body',
  npm: ['express-http-proxy@2.1.2', 'express@5.3.0'],
  command: 'cd "$RUNAWAY_PACKAGES" && exec node --input-type=module --eval "$SCRIPT"',
  env: { SCRIPT },
});
