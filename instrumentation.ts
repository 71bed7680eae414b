/** Called by Next.js once a process, when the server has its port. */
export async function register(): Promise<void> {
  // The other runtime has no processes, no database and nothing to start.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('@/lib/server/lifecycle/start-server');
  startServer();
}
