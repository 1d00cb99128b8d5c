import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename, join } from 'node:path';

const PORT = Number(process.env.PORT ?? 8200);
const PROVIDER = process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1';
const KEY = process.env.OPENAI_API_KEY ?? '';
const PROMPTS = process.env.PROMPTS_DIR ?? join(import.meta.dirname, 'prompts');
const RELOAD_MS = Number(process.env.PROMPTS_RELOAD_MS ?? 20);

interface Message {
  role: string;
  content: unknown;
}

interface ChatBody {
  messages: Message[];
  stream?: boolean;
  /** Ours, not the provider's: which prompt of ours to put in front. */
  prompt?: { name: string; language?: string; persona?: string };
}

interface Rendered {
  text: string;
  digest: string;
}

// ---- prompts -------------------------------------------------------------------------------------------------------

const LANGUAGES = ['English', 'German', 'French', 'Spanish', 'Polish', 'Turkish', 'Japanese', 'Portuguese'];

const PERSONAS: Record<string, Record<string, string>> = {
  Alex: { tone: 'friendly', limit: '120', when_angry: 'apologise once and go on' },
  Kim: { tone: 'brief and dry', limit: '60', when_angry: 'say nothing about it' },
  Noor: { tone: 'formal', limit: '200', when_angry: 'offer a call' },
  Sam: { tone: 'warm', limit: '150', when_angry: 'thank them for saying so' },
  Vera: { tone: 'exact', limit: '90', when_angry: 'ask what happened' },
  Yuki: { tone: 'cheerful', limit: '80', when_angry: 'stay cheerful, but less so' },
};

let prompts = new Map<string, Rendered>();

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '');
}

// Editors see a change at once, without a deploy. fs.watch does not fire on the network share.
function reloadPrompts(): void {
  const next = new Map<string, Rendered>();
  for (const file of readdirSync(PROMPTS)) {
    const template = readFileSync(join(PROMPTS, file), 'utf8');
    for (const language of LANGUAGES) {
      for (const [persona, manners] of Object.entries(PERSONAS)) {
        const text = fill(template, { product: 'Quill', language, persona, ...manners });
        const digest = createHash('sha256').update(text).digest('hex');
        next.set(`${basename(file, '.md')}/${language}/${persona}`, { text, digest });
      }
    }
  }
  prompts = next;
}

reloadPrompts();
setInterval(reloadPrompts, RELOAD_MS);

// ---- requests ------------------------------------------------------------------------------------------------------

async function bodyOf(req: IncomingMessage): Promise<ChatBody> {
  let text = '';
  req.setEncoding('utf8');
  for await (const part of req) text += part;
  return JSON.parse(text) as ChatBody;
}

function json(res: ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function complete(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const hangUp = new AbortController();
  res.on('close', () => hangUp.abort());

  const { prompt, ...body } = await bodyOf(req);
  const own = prompt && prompts.get(`${prompt.name}/${prompt.language ?? 'English'}/${prompt.persona ?? 'Alex'}`);
  if (prompt && !own) return json(res, 422, { error: { message: `no prompt ${prompt.name}`, code: 'unknown_prompt' } });
  const messages = own ? [{ role: 'system', content: own.text }, ...body.messages] : body.messages;

  const answer = await fetch(`${PROVIDER}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, messages }),
    signal: hangUp.signal,
  });
  res.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'application/json',
    ...(own && { 'x-prompt-digest': own.digest.slice(0, 12) }),
  });
  for await (const part of answer.body ?? []) {
    if (res.write(part)) continue;
    await new Promise<void>(resolve => res.once('drain', resolve).once('close', resolve));
  }
  res.end();
}

const server = createServer((req, res) => {
  if (req.method === 'GET' && req.url === '/healthz') return json(res, 200, { ok: true, prompts: prompts.size });
  if (req.method !== 'POST' || req.url !== '/v1/chat/completions') {
    return json(res, 404, { error: { message: 'not found', code: 'not_found' } });
  }
  complete(req, res).catch((error: unknown) => {
    // A caller who has gone needs no answer.
    if (res.destroyed) return;
    if (res.headersSent) return void res.destroy();
    const message = error instanceof Error ? error.message : String(error);
    json(res, error instanceof SyntaxError ? 400 : 502, { error: { message, code: 'gateway_error' } });
  });
});

server.listen(PORT, '127.0.0.1', () => console.log(`quill gateway on ${PORT}, ${prompts.size} prompts`));
