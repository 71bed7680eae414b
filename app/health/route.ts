/**
 * Liveness: the process is up. Checks no dependency, because a platform's probe times out after a
 * second.
 */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
}
