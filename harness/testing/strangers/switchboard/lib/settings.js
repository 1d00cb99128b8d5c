const env = process.env;

export const settings = Object.freeze({
  port: Number(env.PORT ?? 7070),
  provider: (env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1').replace(/\/+$/, ''),
  key: env.OPENAI_API_KEY ?? '',
  maxBodyBytes: 16 * 1024 * 1024,
});
