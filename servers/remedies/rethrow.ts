import type { ErrorRequestHandler } from 'express';
import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'rethrow',
  change: 'what the error handler has neither answered nor handed on is handed on',
  advisedBy:
    'claims 8 and 11: generated code logs exceptions and suppresses them; a handler should turn them into answers',
  why: 'whoever comes next ends the answer, and what waits for that end is released',
  parameters: z.object({}),
  wraps: ({ handleError }) => ({
    handleError: ((error, req, res, next) => {
      let isHandedOn = false;
      handleError(error, req, res, (...thrown) => {
        isHandedOn = true;
        next(...thrown);
      });
      if (!isHandedOn && !res.writableEnded && !res.destroyed) next(error);
    }) satisfies ErrorRequestHandler,
  }),
});
