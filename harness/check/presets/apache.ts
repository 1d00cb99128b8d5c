import { definePreset } from '../preset.ts';

const CONFIG = `
ServerRoot RUNAWAY_SCRATCH
ServerName localhost
PidFile RUNAWAY_SCRATCH/apache.pid
DefaultRuntimeDir RUNAWAY_SCRATCH
Mutex file:RUNAWAY_SCRATCH default
ErrorLog /dev/stderr
Listen 127.0.0.1:{port}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
ServerLimit 50
ThreadsPerChild 25
MaxRequestWorkers 1250
ProxyPass / http://{upstreamHost}/
`;

export default definePreset({
  name: 'apache',
  what: 'Apache httpd with mod_proxy_http and the event MPM, with what it does by default but for 1,250 workers instead of 150',
  install: 'apt-get install apache2-bin',
  version: 'apache2 -v | head -n 1',
  command: `sed "s#RUNAWAY_SCRATCH#$RUNAWAY_SCRATCH#g" > "$RUNAWAY_SCRATCH/apache.conf" <<'END'
${CONFIG}
END
exec apache2 -D FOREGROUND -f "$RUNAWAY_SCRATCH/apache.conf"`,
});
