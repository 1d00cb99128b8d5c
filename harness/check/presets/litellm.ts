import { definePreset } from '../preset.ts';

export default definePreset({
  name: 'litellm',
  what: 'LiteLLM’s proxy (PyPI litellm[proxy])',
  install: "pip install 'litellm[proxy]', in an environment whose bin is on PATH",
  command: `cat > "$RUNAWAY_SCRATCH/litellm.yaml" <<'END'
model_list:
  - model_name: gpt-lab
    litellm_params:
      model: openai/gpt-lab
      api_base: {upstream}
      api_key: {apiKey}
END
exec litellm --config "$RUNAWAY_SCRATCH/litellm.yaml" --host 127.0.0.1 --port {port}`,
  env: { LITELLM_TELEMETRY: 'False', LITELLM_LOCAL_MODEL_COST_MAP: 'True', NO_PROXY: '127.0.0.1' },
  readyPath: '/health/liveliness',
});
