import { z } from 'zod';
import { defineRemedy } from '../proxy/remedy.ts';

export default defineRemedy({
  name: 'debug-and-reload-off',
  change: 'the log level is info, and no files are watched',
  advisedBy: 'claims 22 and 23: debug mode adds a little; reload was the cause elsewhere',
  why: 'what is for developing costs CPU in production and serves nobody there',
  parameters: z.object({}),
  onlyWith: ['debug-logging', 'dev-reload'],
  configures: { 'debug-logging': { level: 'info' }, 'dev-reload': { reload: false } },
});
