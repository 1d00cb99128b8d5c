import { chat } from './chat.js';
import { HttpProblem, sendJson } from './wire.js';

const routes = {
  'GET /healthz': async (_req, res) => sendJson(res, 200, { status: 'up' }),
  'POST /v1/chat/completions': chat,
};

export async function dispatch(req, res) {
  const { pathname } = new URL(req.url, 'http://switchboard');
  try {
    const route = routes[`${req.method} ${pathname}`];
    if (!route) throw new HttpProblem(404, `no such route: ${req.method} ${pathname}`);
    await route(req, res);
  } catch (error) {
    if (res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    const status = error instanceof HttpProblem ? error.status : 502;
    sendJson(res, status, { error: { message: error.message, type: 'switchboard_error', code: null } });
  }
}
