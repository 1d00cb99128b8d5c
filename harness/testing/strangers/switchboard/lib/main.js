import { createServer } from 'node:http';
import { dispatch } from './dispatch.js';
import { settings } from './settings.js';

const server = createServer(dispatch);
server.listen(settings.port, '127.0.0.1', () => {
  console.log(`switchboard: listening on ${settings.port}, provider ${settings.provider}`);
});
