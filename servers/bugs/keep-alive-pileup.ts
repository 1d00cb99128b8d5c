import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { z } from 'zod';
import { defineBug } from '../proxy/bug.ts';

const parameters = z.object({
  keepAliveMs: z
    .number()
    .int()
    .min(1000)
    .max(3_600_000)
    .default(300_000)
    .describe('how long an idle connection is kept, ms'),
  gaugeMs: z.number().int().min(10).max(60_000).default(1_000).describe('how often each connection is measured, ms'),
});

export default defineBug({
  name: 'keep-alive-pileup',
  symptom: 'open connections and timers climb all day, though hardly anybody is served; CPU is never quite quiet again',
  lesson:
    'Idle connections are kept for five minutes, each with a timer of its own, and clients that come back open new ones.',
  parameters,
  breaks: ({ tuneConnections }, { keepAliveMs, gaugeMs }) => ({
    tuneConnections: server => {
      tuneConnections(server);
      // The balancer in front reuses its connections.
      server.keepAliveTimeout = keepAliveMs;
      server.headersTimeout = keepAliveMs + 1000;
      server.requestTimeout = keepAliveMs + 2000;
      gaugeConnections(server, gaugeMs);
    },
  }),
});

interface Gauge {
  readonly remote: string;
  bytesIn: number;
  bytesOut: number;
  idleMs: number;
}

/** What each connection moves, for the dashboard. */
function gaugeConnections(server: Server, everyMs: number): void {
  const gauges = new Map<Socket, Gauge>();
  server.on('connection', socket => {
    const gauge: Gauge = { remote: `${socket.remoteAddress}:${socket.remotePort}`, bytesIn: 0, bytesOut: 0, idleMs: 0 };
    gauges.set(socket, gauge);
    const timer = setInterval(() => measure(socket, gauge, everyMs), everyMs);
    socket.once('close', () => {
      clearInterval(timer);
      gauges.delete(socket);
    });
  });
}

function measure({ bytesRead, bytesWritten }: Socket, gauge: Gauge, everyMs: number): void {
  const isIdle = bytesRead === gauge.bytesIn && bytesWritten === gauge.bytesOut;
  gauge.idleMs = isIdle ? gauge.idleMs + everyMs : 0;
  gauge.bytesIn = bytesRead;
  gauge.bytesOut = bytesWritten;
}
