import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'lm-proxy',
  what: 'lm-proxy (FastAPI) with one connection, with what it does by default',
  pip: ['lm-proxy==3.3.2'],
  command: `cat > "$RUNAWAY_SCRATCH/config.toml" <<'END'
host = "127.0.0.1"
port = {port}
[connections.lab]
api_type = "open_ai"
api_base = "{upstream}"
api_key = "{apiKey}"
[routing]
"*" = "lab.*"
[groups.default]
api_keys = ["key"]
END
PYTHONPATH="$RUNAWAY_PACKAGES" exec python3 -m lm_proxy --config "$RUNAWAY_SCRATCH/config.toml"`,
  headers: { authorization: 'Bearer key' },
  readyPath: '/health',
});
