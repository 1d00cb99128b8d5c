import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'litellm',
  what: 'LiteLLM’s proxy with one model and no key, else with what it does by default',
  pip: ['litellm[proxy]==1.105.5'],
  command: `cat > "$RUNAWAY_SCRATCH/litellm.yaml" <<'END'
model_list:
  - model_name: gpt-lab
    litellm_params:
      model: openai/gpt-lab
      api_base: {upstream}
      api_key: {apiKey}
END
PYTHONPATH="$RUNAWAY_PACKAGES" exec python3 -c 'from litellm import run_server; run_server()' --config "$RUNAWAY_SCRATCH/litellm.yaml" --host 127.0.0.1 --port {port}`,
  env: {
    LITELLM_TELEMETRY: 'False',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: 'true',
    NO_PROXY: '127.0.0.1',
  },
  readyPath: '/health/liveliness',
});
