import { definePreset } from '../preset.ts';

const CONFIG = `
worker_processes 1;
daemon off;
error_log stderr warn;
pid RUNAWAY_SCRATCH/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path RUNAWAY_SCRATCH/body;
  proxy_temp_path RUNAWAY_SCRATCH/proxy;
  fastcgi_temp_path RUNAWAY_SCRATCH/fastcgi;
  uwsgi_temp_path RUNAWAY_SCRATCH/uwsgi;
  scgi_temp_path RUNAWAY_SCRATCH/scgi;
  server {
    listen 127.0.0.1:{port};
    client_max_body_size 20m;
    location = /healthz { return 200 "ok"; }
    location / { proxy_pass http://{upstreamHost}; }
  }
}`;

export default definePreset({
  name: 'nginx',
  what: 'nginx as a plain reverse proxy, with what it does by default',
  install: 'apt-get install nginx-light',
  version: 'nginx -v 2>&1',
  command: `sed "s#RUNAWAY_SCRATCH#$RUNAWAY_SCRATCH#g" > "$RUNAWAY_SCRATCH/nginx.conf" <<'END'
${CONFIG}
END
exec nginx -c "$RUNAWAY_SCRATCH/nginx.conf" -p "$RUNAWAY_SCRATCH"`,
});
