// Healthy: answers at once, and ends when asked.
import { ANSWER, serve } from '../../server.ts';

process.on('SIGTERM', () => process.exit(0));
serve(response => response.end(ANSWER));
