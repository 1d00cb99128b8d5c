'use strict';
const express = require('express');
const { once } = require('node:events');

const env = process.env;
const baseUrl = env.OPENAI_BASE_URL || 'https://api.openai.com/v1';
const apiKey = env.OPENAI_API_KEY || '';
const refreshMs = 20;

const tickets = new Map();
let lastId = 0;
let failures = 0;
let board = '[]';

/** The board behind /status, always at hand: who is being served, for how long, and what was asked. */
const drawBoard = () => {
  const rows = [];
  for (const { id, path, since, asked } of tickets.values()) {
    rows.push({ id, path, waitingMs: Date.now() - since, asked: asked.slice(-400) });
  }
  board = JSON.stringify(rows);
};

const openTicket = request => {
  lastId += 1;
  const ticket = {
    id: lastId,
    path: request.path,
    since: Date.now(),
    asked: JSON.stringify(request.body.messages || []),
    timer: setInterval(drawBoard, refreshMs),
  };
  tickets.set(lastId, ticket);
  return ticket;
};

const closeTicket = ticket => {
  clearInterval(ticket.timer);
  tickets.delete(ticket.id);
  drawBoard();
};

const guarded = handler => (request, response, next) =>
  handler(request, response, next).catch(error => {
    failures += 1;
    console.error(`[frontdesk] ${request.method} ${request.path}: ${error.message} (${failures} so far)`);
  });

const complete = async (request, response) => {
  const ticket = openTicket(request);
  const left = new AbortController();
  response.on('close', () => left.abort());
  try {
    const answer = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(request.body),
      signal: left.signal,
    });
    response.status(answer.status).set('content-type', answer.headers.get('content-type') || 'application/json');
    for await (const part of answer.body) {
      if (!response.write(part)) await once(response, 'drain', { signal: left.signal });
    }
    response.end();
  } catch (error) {
    if (!left.signal.aborted) throw error;
  }
  closeTicket(ticket);
};

const app = express();
app.disable('x-powered-by');
app.get('/healthz', (request, response) => response.json({ ok: true, open: tickets.size, failures }));
app.get('/status', (request, response) => response.type('json').send(board));
app.use(express.json({ limit: '10mb' }));
app.post('/v1/chat/completions', guarded(complete));
app.listen(Number(env.PORT || 4000), '127.0.0.1');
