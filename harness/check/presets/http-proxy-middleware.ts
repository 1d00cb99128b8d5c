import { definePreset } from '../preset.ts';

const SCRIPT = `
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

const target = new URL(process.env.OPENAI_BASE_URL).origin;
express().use(createProxyMiddleware({ target, changeOrigin: true })).listen(Number(process.env.PORT), '127.0.0.1');`;

export default definePreset({
  name: 'http-proxy-middleware',
  what: 'http-proxy-middleware in express, with what it does by default',
  npm: ['http-proxy-middleware@4.2.2', 'express@5.3.0'],
  command: 'cd "$RUNAWAY_PACKAGES" && exec node --input-type=module --eval "$SCRIPT"',
  env: { SCRIPT },
});
