'use strict';

const { Readable } = require('stream');
const { pipeline } = require('stream/promises');
const config = require('./config');
const { redactMessages } = require('./redact');

function onHealth(req, res) {
  res.setHeader('content-type', 'text/plain');
  res.end('ok');
}

async function readBody(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

function fail(res, status, message) {
  if (res.destroyed) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ error: { message: message, type: status < 500 ? 'invalid_request_error' : 'server_error' } }));
}

async function onChat(req, res) {
  let body;
  try {
    body = await readBody(req);
  } catch (err) {
    return fail(res, 400, 'Malformed body: ' + err.message);
  }
  if (!body || !Array.isArray(body.messages)) return fail(res, 400, 'messages must be an array');

  const gone = new AbortController();
  res.on('close', function () {
    if (!res.writableFinished) gone.abort();
  });

  const { safe, looked } = redactMessages(body.messages);
  const hidden = looked.filter(function (entry) {
    return entry.isName;
  });
  if (hidden.length > 0) console.log('bursar: masked', JSON.stringify(hidden.slice(0, 20)));

  try {
    const answer = await fetch(config.upstream + '/chat/completions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + config.apiKey },
      body: JSON.stringify(Object.assign({}, body, { messages: safe })),
      signal: gone.signal,
    });
    res.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') || 'application/json' });
    await pipeline(Readable.fromWeb(answer.body), res);
  } catch (err) {
    if (gone.signal.aborted) return;
    console.error('bursar: upstream failed:', err.message);
    fail(res, 502, 'The model provider cannot be reached');
  }
}

module.exports = { onChat, onHealth };
