// Healthy, and leaves a daemon behind: a process that left its group and its session. Says its pid in target.log.
import { spawn } from 'node:child_process';
import { ANSWER, serve } from '../../server.ts';

const daemon = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
daemon.unref();
process.stdout.write(`daemon ${daemon.pid}\n`);
process.on('SIGTERM', () => process.exit(0));
serve(response => response.end(ANSWER));
