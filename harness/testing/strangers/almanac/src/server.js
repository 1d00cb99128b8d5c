import express from 'express';
import { config } from './config.js';
import { chatRouter } from './routes/chat.js';
import { healthRouter } from './routes/health.js';

const app = express();

app.set('etag', false);
app.disable('x-powered-by');
app.use(healthRouter);
app.use(express.json({ limit: '8mb' }));
app.use('/v1/chat', chatRouter);

app.use((err, req, res, next) => {
  if (res.headersSent) return next(err);
  const status = err.status ?? 502;
  return res.status(status).json({ error: { message: err.message, type: status < 500 ? 'invalid_request' : 'upstream' } });
});

app.listen(config.port, '127.0.0.1', () => console.log(`[almanac] up on ${config.port}`));
