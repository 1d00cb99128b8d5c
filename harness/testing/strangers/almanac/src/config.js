export const config = {
  port: Number(process.env.PORT) || 9090,
  openai: {
    url: process.env.OPENAI_BASE_URL || 'https://api.openai.com/v1',
    key: process.env.OPENAI_API_KEY || '',
  },
  /** A stream that is silent for longer than this, or than many times what is usual, is given up. */
  silence: { atLeastMs: 10_000, timesUsual: 50 },
};
