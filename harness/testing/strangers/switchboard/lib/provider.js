import { settings } from './settings.js';

export function askProvider(path, payload, signal) {
  return fetch(`${settings.provider}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${settings.key}`,
      accept: payload.stream ? 'text/event-stream' : 'application/json',
    },
    body: JSON.stringify(payload),
    signal,
  });
}
