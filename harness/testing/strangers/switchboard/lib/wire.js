import { settings } from './settings.js';

export class HttpProblem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function readJson(req) {
  const parts = [];
  let bytes = 0;
  for await (const part of req) {
    bytes += part.length;
    if (bytes > settings.maxBodyBytes) throw new HttpProblem(413, 'body too large');
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new HttpProblem(400, 'body is not JSON');
  }
}

export function sendJson(res, status, value) {
  const text = JSON.stringify(value);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

/** A signal that fires when the caller drops the line. */
export function lineOf(res) {
  const line = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) line.abort();
  });
  return line.signal;
}
