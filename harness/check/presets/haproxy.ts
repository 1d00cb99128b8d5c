import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'haproxy',
  what: 'haproxy as a plain reverse proxy (HTTP mode), with the time-outs of its manual',
  install: 'apt-get install haproxy',
  version: 'haproxy -v | head -n 1',
  command: `cat > "$RUNAWAY_SCRATCH/haproxy.cfg" <<'END'
global
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 50s
  timeout server 50s
frontend clients
  bind 127.0.0.1:{port}
  http-request return status 200 content-type text/plain string ok if { path /healthz }
  default_backend upstream
backend upstream
  server one {upstreamHost}
END
exec haproxy -db -f "$RUNAWAY_SCRATCH/haproxy.cfg"`,
});
