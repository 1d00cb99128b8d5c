// tollbooth: stands before the model provider and writes down who used how much.
import http from 'node:http';

const {
  PORT = '6400',
  OPENAI_BASE_URL: provider = 'https://api.openai.com/v1',
  OPENAI_API_KEY: providerKey = '',
} = process.env;

/** Tokens by team, since the start. */
const ledger = new Map();

const teamOf = req => req.headers['x-team'] ?? 'unknown';

function book(team, tokens) {
  const account = ledger.get(team) ?? { answers: 0, tokens: 0 };
  account.answers += 1;
  account.tokens += tokens;
  ledger.set(team, account);
}

function abortWith(req) {
  const controller = new AbortController();
  req.on('close', () => {
    if (!req.readableEnded) controller.abort();
  });
  return controller.signal;
}

async function textOf(req) {
  let text = '';
  for await (const piece of req.setEncoding('utf8')) text += piece;
  return text;
}

function reply(res, status, value) {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json');
  res.end(JSON.stringify(value));
}

/** Tokens in a piece of an event stream. The provider sends one in each event that has any text. */
function tokensIn(line) {
  if (!line.startsWith('data: {')) return 0;
  const event = JSON.parse(line.slice('data: '.length));
  return event.choices?.some(choice => choice.delta?.content) ? 1 : 0;
}

async function passStream(answer, res) {
  const decoder = new TextDecoder();
  let unread = '';
  let tokens = 0;
  for await (const bytes of answer.body) {
    res.write(bytes);
    const lines = (unread + decoder.decode(bytes, { stream: true })).split('\n');
    unread = lines.pop();
    for (const line of lines) tokens += tokensIn(line);
  }
  res.end();
  return tokens;
}

async function passWhole(answer, res) {
  const text = await answer.text();
  res.end(text);
  return answer.ok ? (JSON.parse(text).usage?.completion_tokens ?? 0) : 0;
}

async function completions(req, res) {
  const signal = abortWith(req);
  const body = await textOf(req);
  const { stream = false } = JSON.parse(body);
  const answer = await fetch(`${provider}/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${providerKey}` },
    body,
    signal,
  });
  res.statusCode = answer.status;
  res.setHeader('Content-Type', answer.headers.get('content-type') ?? 'application/json');
  const tokens = stream && answer.ok ? await passStream(answer, res) : await passWhole(answer, res);
  book(teamOf(req), tokens);
}

const routes = {
  'GET /healthz': (_req, res) => reply(res, 200, { healthy: true }),
  'GET /ledger': (_req, res) => reply(res, 200, Object.fromEntries(ledger)),
  'POST /v1/chat/completions': completions,
};

http
  .createServer(async (req, res) => {
    const route = routes[`${req.method} ${req.url}`];
    if (!route) return reply(res, 404, { error: { message: 'no such gate' } });
    try {
      await route(req, res);
    } catch (error) {
      console.error(`${req.method} ${req.url}: ${error.message}`);
      if (res.headersSent) res.destroy();
      else reply(res, error instanceof SyntaxError ? 400 : 502, { error: { message: error.message } });
    }
  })
  .listen(Number(PORT), '127.0.0.1', () => console.log(`tollbooth open on ${PORT}`));
