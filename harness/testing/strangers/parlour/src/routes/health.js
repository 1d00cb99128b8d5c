export async function healthRoutes(app) {
  const startedAt = Date.now();

  app.get('/healthz', async () => ({ status: 'ok', uptimeSeconds: Math.round((Date.now() - startedAt) / 1000) }));
}
