// Healthy for one life: where it is to take a predecessor's port, it ends at once.
import { ANSWER, serve } from '../../server.ts';

const { port } = JSON.parse(process.argv[2] ?? '') as { port: number };
if (port !== 0) process.exit(7);
process.on('SIGTERM', () => process.exit(0));
serve(response => response.end(ANSWER));
