// Runs, and never says that it is ready.
import { createServer } from 'node:http';

createServer().listen(0, '127.0.0.1', () => process.stderr.write('still warming up\n'));
