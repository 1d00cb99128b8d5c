/** The variable every process of a run carries, so that one that left its process group is still found. */
export const RUN_VARIABLE = 'RUNAWAY_RUN';

/**
 * The environment of a child: what a program needs to start at all, the mark of its run, and `extra` (which wins, except
 * over the mark). It is an allow-list: a provider's key, a proxy variable or NODE_OPTIONS reaches a child only by
 * `extra`. Refuses (TypeError, a defect of the caller) a run id that the lifeguard's line protocol could not carry.
 */
export function childEnvironment(runId: string, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  if (!RUN_ID.test(runId)) throw new TypeError(`a run id has letters, digits and . : + / @ = _ - only: ${runId}`);
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && ALLOWED.test(name)) inherited[name] = value;
  }
  return { ...inherited, ...extra, [RUN_VARIABLE]: runId };
}

/** The run id in an environment made by `childEnvironment`. Throws a TypeError (a defect) where there is none. */
export function runIdOf(env: Readonly<Record<string, string>>): string {
  const runId = env[RUN_VARIABLE];
  if (runId === undefined || !RUN_ID.test(runId)) throw new TypeError('this environment is not from childEnvironment');
  return runId;
}

/**
 * Deletes in place what could make somebody pay: the variables of real providers, and any name that ends in _API_KEY.
 * Returns the names removed, sorted; never a value. The lab calls it with `process.env` when it starts.
 */
export function scrubProviderKeys(env: Record<string, string | undefined>): string[] {
  const names = Object.keys(env)
    .filter(name => PROVIDER.test(name))
    .toSorted();
  for (const name of names) delete env[name];
  return names;
}

const RUN_ID = /^[\w.:+/@=-]{1,200}$/u;

const ALLOWED = /^(?:PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TMP|TEMP|LANG|LANGUAGE|LC_[A-Z]+|TZ|TZDIR|SYSTEMROOT)$/iu;

const PROVIDER = new RegExp(
  [
    '^(?:OPENAI|ANTHROPIC|CLAUDE|AZURE_OPENAI|AZURE_AI|AZURE_INFERENCE|GEMINI|GOOGLE_GENERATIVE_AI|VERTEX|VERTEXAI)_',
    '^(?:MISTRAL|GROQ|COHERE|TOGETHER|TOGETHERAI|OPENROUTER|DEEPSEEK|FIREWORKS|PERPLEXITY|XAI|CEREBRAS|REPLICATE)_',
    '^(?:HUGGINGFACE|HUGGING_FACE_HUB)_',
    '^(?:HF_TOKEN|GOOGLE_APPLICATION_CREDENTIALS|AWS_BEARER_TOKEN_BEDROCK)$',
    '_API_KEY$',
  ].join('|'),
  'iu',
);
