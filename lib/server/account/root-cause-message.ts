/**
 * Returns the innermost cause's message, which is safe to log. The errors around it quote the query
 * with its parameters, which can be tokens and e-mail addresses.
 */
export function rootCauseMessage(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (!(inner instanceof Error)) return 'unknown';
  return inner.message.startsWith('Failed query') ? inner.name : inner.message;
}
