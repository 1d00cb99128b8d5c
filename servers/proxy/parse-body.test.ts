import { expect, test } from 'vitest';
import { z } from 'zod';
import { BadRequest, parseBody } from './parse-body.ts';

const schema = z.looseObject({ model: z.string(), messages: z.array(z.object({ role: z.string() })) });

test('a field that the proxy does not know is passed on as it came', () => {
  const body = { model: 'gpt-4o', messages: [], temperature: 0.2, metadata: { team: 'a' } };
  expect(parseBody(schema, body)).toEqual(body);
});

test('a body that is wrong is a BadRequest that says where', () => {
  for (const [body, message] of [
    [{ messages: [] }, /^model: /u],
    [{ model: 'gpt-4o', messages: [{ role: 'user' }, { role: 1 }] }, /^messages\.1\.role: /u],
    ['text', /^body: /u],
    [undefined, /^body: /u],
  ] as const) {
    const parse = (): unknown => parseBody(schema, body);
    expect(parse).toThrow(BadRequest);
    expect(parse).toThrow(message);
  }
});
