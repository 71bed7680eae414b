import { checkHealth } from '@/lib/http/health';

/** Whether the app can do its work: 200, or 503 with what is missing. */
export async function GET(): Promise<Response> {
  const health = await checkHealth();
  return Response.json(health, {
    status: health.status === 'ok' ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
