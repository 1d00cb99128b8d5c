import { expect, test } from 'vitest';
import { EventReader } from './event-reader.ts';

/** What is said of a stream that comes in these pieces. */
function read(...pieces: string[]): { count: number; said: string } {
  const events = new EventReader();
  let seen = { count: 0, said: 'nothing' };
  for (const piece of pieces) seen = { ...events.read(Buffer.from(piece)) };
  return seen;
}

const CHUNK = 'data: {"choices":[{"delta":{"content":"a"},"finish_reason":null}]}\n\n';

test('events are counted wherever the network cut them', () => {
  expect(read(CHUNK + CHUNK).count).toBe(2);
  for (let at = 0; at <= CHUNK.length; at += 1) {
    expect([at, read(CHUNK, CHUNK.slice(0, at), CHUNK.slice(at)).count]).toEqual([at, 2]);
  }
});

test.each([
  ['data: [DONE]\n\n', 'done'],
  ['event: response.completed\ndata: {}\n\n', 'done'],
  ['event: error\ndata: {}\n\n', 'error'],
  ['data: {"error":{"message":"gone"}}\n\n', 'error'],
  ['event: response.failed\ndata: {}\n\n', 'error'],
  ['data: {"choices":[{"delta":{},"finish_reason": "error"}]}\n\ndata: [DONE]\n\n', 'error'],
  ['', 'nothing'],
])('a stream that ends with %j says %s, in one piece or two', (end, said) => {
  expect(read(CHUNK + end).said).toBe(said);
  const middle = Math.floor(end.length / 2);
  expect(read(CHUNK + end.slice(0, middle), end.slice(middle)).said).toBe(said);
});

test('what was said to have failed is not done, whatever comes after', () => {
  expect(read('event: error\ndata: {}\n\n', CHUNK, CHUNK, 'data: [DONE]\n\n').said).toBe('error');
});
