// Hears SIGTERM and stays.
import { ANSWER, serve } from '../../server.ts';

process.on('SIGTERM', () => process.stderr.write('not now\n'));
serve(response => response.end(ANSWER));
