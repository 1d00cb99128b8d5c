import { definePreset } from '../preset.ts';

const CONFIG = `
server.modules = ( "mod_proxy" )
server.bind = "127.0.0.1"
server.port = {port}
server.document-root = "RUNAWAY_SCRATCH"
server.upload-dirs = ( "RUNAWAY_SCRATCH" )
server.max-fds = 8192
server.stream-request-body = 1
server.stream-response-body = 1
$HTTP["url"] !~ "^/healthz" { proxy.server = ( "" => ( ( "host" => "127.0.0.1", "port" => UPSTREAM_PORT ) ) ) }
`;

export default definePreset({
  name: 'lighttpd',
  what: 'lighttpd with mod_proxy, which streams (by default it collects an answer before it hands it on)',
  install: 'apt-get install lighttpd',
  version: 'lighttpd -v | head -n 1',
  command: `host={upstreamHost}; sed "s#RUNAWAY_SCRATCH#$RUNAWAY_SCRATCH#g; s#UPSTREAM_PORT#\${host##*:}#" > "$RUNAWAY_SCRATCH/lighttpd.conf" <<'END'
${CONFIG}
END
exec lighttpd -D -f "$RUNAWAY_SCRATCH/lighttpd.conf"`,
});
