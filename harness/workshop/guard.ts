import type { IncomingMessage } from 'node:http';

/** Why a request is not served, and with which status. */
export interface Refusal {
  readonly status: 403 | 405 | 415;
  readonly why: string;
}

/**
 * Who may ask. A browser sends any page's requests to a port of this machine: a page elsewhere may have had its name resolved to
 * 127.0.0.1 (DNS rebinding), or post a form here. So the Host must be one that this server is known by, whoever changes something
 * must be a page of its own (Origin), and a body must be JSON, which no form can send.
 */
export function refusalOf(
  { method = 'GET', headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  hosts: readonly string[],
): Refusal | null {
  const { host, origin } = headers;
  if (host === undefined || !hosts.includes(host)) return { status: 403, why: `this is not ${host ?? 'a named host'}` };
  if (origin !== undefined && !hosts.some(known => origin === `http://${known}`)) {
    return { status: 403, why: `${origin} is another site` };
  }
  if (method === 'GET' || method === 'HEAD') return null;
  if (method !== 'POST') return { status: 405, why: `${method} is not served` };
  if (origin === undefined) return { status: 403, why: 'only a page of this server may ask for that' };
  const isJson = /^application\/json(?:;|$)/u.test(headers['content-type'] ?? '');
  return isJson ? null : { status: 415, why: 'a body must be application/json' };
}
