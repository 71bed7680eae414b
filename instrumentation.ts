/** Called by Next.js once per process, when the server listens. */
export async function register(): Promise<void> {
  // The edge runtime has no database and nothing to start.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('@/lib/server/lifecycle/start-server');
  startServer();
}
