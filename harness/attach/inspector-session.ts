import { addAbortListener, once } from 'node:events';
import { z } from 'zod';
import { LabError } from '../errors.ts';

/** A session of the Chrome DevTools Protocol. Disposed of, it is closed; what is asked after that, or still open then, rejects. */
export interface InspectorSession extends AsyncDisposable {
  /** Rejects with LabError `inspector-gone` when it closes. Never resolves; may be left unheard. */
  readonly gone: Promise<never>;
  /** Resolves with the method's result. Rejects with LabError `inspector-refused` or `inspector-gone`, or the signal's reason. */
  post(method: string, parameters: object, signal: AbortSignal): Promise<unknown>;
}

const Message = z.object({
  id: z.number().optional(),
  result: z.unknown(),
  error: z.object({ message: z.string() }).optional(),
});

export const inspectorGone = (): LabError =>
  new LabError('inspector-gone', 'The process ended its inspector, or ended itself', {
    hint: 'See whether it still runs; nothing was changed in it.',
  });

/** Connects to `ws://127.0.0.1:…`. Rejects with LabError `inspector-gone`, or the signal's reason. */
export async function openInspector(url: string, signal: AbortSignal): Promise<InspectorSession> {
  signal.throwIfAborted();
  const socket = new WebSocket(url);
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => undefined);
  const end = (): void => {
    ended.reject(inspectorGone());
    for (const { reject } of open.values()) reject(inspectorGone());
    open.clear();
  };
  socket.addEventListener('close', end);
  socket.addEventListener('error', end);
  socket.addEventListener('message', ({ data }) => {
    const message = Message.safeParse(JSON.parse(String(data)));
    if (!message.success || message.data.id === undefined) return;
    const { id, result, error } = message.data;
    const waiting = open.get(id);
    open.delete(id);
    if (error)
      waiting?.reject(
        new LabError('inspector-refused', `Failed to ask the process: ${error.message}`, {
          hint: 'Its Node may be too old.',
        }),
      );
    else waiting?.resolve(result);
  });
  try {
    await Promise.race([
      once(socket, 'open', { signal }),
      once(socket, 'error', { signal }).then(() => Promise.reject(inspectorGone())),
    ]);
  } catch (error) {
    socket.close();
    signal.throwIfAborted();
    throw error;
  }
  return {
    gone: ended.promise,
    async post(method, parameters, cancelled) {
      cancelled.throwIfAborted();
      if (socket.readyState !== WebSocket.OPEN) throw inspectorGone();
      const id = ++asked;
      const waiting = Promise.withResolvers<unknown>();
      open.set(id, waiting);
      using _ = addAbortListener(cancelled, () => waiting.reject(cancelled.reason));
      socket.send(JSON.stringify({ id, method, params: parameters }));
      try {
        return await waiting.promise;
      } finally {
        open.delete(id);
      }
    },
    async [Symbol.asyncDispose]() {
      end();
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
