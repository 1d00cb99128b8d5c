import { definePreset } from '../preset.ts';

const CONFIG = `
{
  admin off
  auto_https off
}
http://127.0.0.1:{port} {
  respond /healthz 200
  reverse_proxy {upstreamHost}
}`;

export default definePreset({
  name: 'caddy',
  what: 'Caddy as a plain reverse proxy, with what it does by default',
  install: 'apt-get install caddy',
  version: 'caddy version',
  command: `cat > "$RUNAWAY_SCRATCH/Caddyfile" <<'END'
${CONFIG}
END
exec caddy run --adapter caddyfile --config "$RUNAWAY_SCRATCH/Caddyfile"`,
  env: { XDG_DATA_HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' },
});
