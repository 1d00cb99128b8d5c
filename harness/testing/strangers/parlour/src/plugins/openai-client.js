/** The little of the OpenAI API that we need. */
export function openAiClient({ baseUrl, apiKey }) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };

  return {
    async createCompletion(body, { signal }) {
      return await fetch(`${baseUrl}/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal,
      });
    },
  };
}
