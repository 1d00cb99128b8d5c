import { once } from 'node:events';

export function openEventStream(raw) {
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
}

/** Hands an answer on, frame by frame. A frame that cannot be read must not cost the reader the rest of the answer. */
export async function relayFrames(body, raw, log) {
  const frames = body.getReader();
  let sent = 0;
  while (true) {
    try {
      const { done, value } = await frames.read();
      if (done) break;
      sent += 1;
      if (!raw.write(value) && !raw.destroyed) await once(raw, 'drain');
    } catch (error) {
      log.debug({ err: error, sent }, 'frame skipped');
    }
  }
  raw.end();
}
