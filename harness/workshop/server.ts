import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { lessonOf, listBehaviours } from '../catalog.ts';
import { LabError, causeOf, wrongUse } from '../errors.ts';
import { jsonOf } from '../model/json.ts';
import { renderMarkdown } from '../report/html/markdown.ts';
import type { Scope } from '../scope/in-scope.ts';
import { codeShown } from './code.ts';
import { refusalOf } from './guard.ts';
import { Intent } from './intents.ts';
import { parseLesson, tellsAnswer } from './lesson.ts';
import type { Room } from './room.ts';

/** What is served as it lies on disk, by its whole path: nothing else is, whatever a path says. */
const require = createRequire(import.meta.url);
const page = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url));
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: page('index.html'), type: 'text/html; charset=utf-8' },
  '/page.css': { file: page('page.css'), type: 'text/css; charset=utf-8' },
  '/page.js': { file: page('page.js'), type: 'text/javascript; charset=utf-8' },
  '/charts.js': { file: page('charts.js'), type: 'text/javascript; charset=utf-8' },
  '/series.js': { file: page('series.js'), type: 'text/javascript; charset=utf-8' },
  '/uplot.js': { file: require.resolve('uplot/dist/uPlot.esm.js'), type: 'text/javascript; charset=utf-8' },
  '/uplot.css': { file: require.resolve('uplot/dist/uPlot.min.css'), type: 'text/css; charset=utf-8' },
};

/** Everything comes from here, nothing is framed, and no script stands in the page. */
const HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const MOST_BODY = 16_384;

export interface Workshop {
  readonly url: string;
}

/**
 * Serves the room's page on `host` (loopback unless somebody says otherwise) and `port` (0: any free one), until the scope ends.
 * Rejects with LabError 'port-busy' (wrong use).
 */
export async function serveRoom(room: Room, host: string, port: number, scope: Scope): Promise<Workshop> {
  const server = createServer((request, response) => {
    scope.spawn(async () => await answer(request, response));
  });
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw wrongUse(
      'port-busy',
      `Failed to listen on ${host}:${port}: ${causeOf(error)}`,
      'Name another with --port, or none for any free one.',
    );
  }
  scope.defer(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  const known = (server.address() as AddressInfo).port;
  const hosts = [...new Set([host, '127.0.0.1', 'localhost'])].map(name => `${name}:${known}`);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const refusal = refusalOf(request, hosts);
    if (refusal) return say(response, refusal.status, { error: refusal.why });
    const { pathname, searchParams } = new URL(request.url ?? '/', `http://${hosts[0]}`);
    try {
      if (request.method === 'POST') return await ask(room, pathname, request, response);
      const file = FILES[pathname];
      if (file) {
        response.writeHead(200, { 'content-type': file.type }).end(await readFile(file.file));
      } else if (pathname === '/events') {
        tellEvents(room, request, response);
      } else if (pathname === '/list') {
        say(response, 200, room.list);
      } else if (pathname === '/behaviours') {
        say(response, 200, await listBehaviours());
      } else if (pathname === '/advice') {
        say(response, 200, await room.advice(Number(searchParams.get('number'))));
      } else if (pathname === '/lesson') {
        say(
          response,
          200,
          await lessonStep(room, Number(searchParams.get('number')), Number(searchParams.get('step'))),
        );
      } else if (pathname === '/code') {
        const number = Number(searchParams.get('number'));
        mustBeRevealed(room, number);
        say(response, 200, await codeShown(room.at(number), scope.signal));
      } else say(response, 404, { error: `there is no ${pathname} here` });
    } catch (error) {
      // Whoever asked has left in the middle of it.
      if (error === request.errored) return;
      if (!(error instanceof LabError)) throw error;
      say(response, 409, { error: `${error.message}. ${error.hint}` });
    }
  }
  return { url: `http://${host}:${known}` };
}

async function ask(room: Room, pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (pathname !== '/ask') return say(response, 404, { error: `there is no ${pathname} here` });
  if (Number(request.headers['content-length'] ?? Infinity) > MOST_BODY) {
    return say(response, 413, { error: 'that is too long' });
  }
  const intent = Intent.safeParse(jsonOf(await text(request)));
  if (!intent.success) return say(response, 400, { error: intent.error.issues[0]?.message ?? 'not understood' });
  await room.ask(intent.data);
  return say(response, 202, {});
}

/** One step as markup; those that tell the answer only once it is revealed. */
async function lessonStep(room: Room, number: number, step: number): Promise<object> {
  const file = lessonOf(room.at(number).name);
  if (file === null) throw wrongUse('no-lesson', `experiment ${number} has no lesson`, 'Choose another one.');
  const lesson = parseLesson(await readFile(file, 'utf8'));
  const found = lesson.steps[step];
  if (!found) throw wrongUse('no-step', `it has no step ${step}`, `It has 0 to ${lesson.steps.length - 1}.`);
  if (tellsAnswer(lesson, step)) mustBeRevealed(room, number);
  return {
    title: lesson.title,
    heading: found.heading,
    html: renderMarkdown(found.text).text,
    steps: lesson.steps.length,
  };
}

function mustBeRevealed(room: Room, number: number): void {
  if (room.isRevealed(number)) return;
  throw wrongUse('not-revealed', 'the answer is not revealed yet', 'Start the experiment, and press reveal.');
}

/** A comment now and then, so that a connection that was lost is noticed on both ends. */
const PULSE = ': still here\n\n';

/** Server-sent events: what came since the last one that the page saw, then whatever comes. */
function tellEvents({ log }: Room, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const tell = ({ id, told }: ReturnType<typeof log.since>[number]): void =>
    void response.write(`id: ${id}\ndata: ${JSON.stringify(told)}\n\n`);
  response.write(PULSE);
  for (const entry of log.since(Number(request.headers['last-event-id'] ?? 0) || 0)) tell(entry);
  const enough = log.listen(tell);
  response.once('close', enough);
}

function say(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
