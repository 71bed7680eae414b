/** The process is up. Asks nobody: a platform's probe must get its answer within a second. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
}
