import { defineMethods } from '@/lib/server/http/define-methods';
import { checkHealth } from '@/lib/server/lifecycle/health';

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = defineMethods({
  /** Readiness: 200, or 503 with the failed checks. Does not wait for the database. */
  GET: async () => {
    const health = await checkHealth();
    return Response.json(health, {
      status: health.status === 'ok' ? 200 : 503,
      headers: { 'cache-control': 'no-store' },
    });
  },
});
