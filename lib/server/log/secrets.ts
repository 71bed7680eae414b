import type { Config } from '@/lib/server/config/types';
import { createRedactor } from '@/lib/server/log/redact-secrets';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const state = processSingleton('logSecrets', () => ({
  known: new Set<string>(),
  redact: (line: string) => line,
}));

/** Redacts these values in all further log lines. */
export function registerSecrets(secrets: readonly string[]): void {
  for (const secret of secrets) state.known.add(secret);
  state.redact = createRedactor([...state.known]);
}

/** Redacts the registered secrets in a JSON log line. */
export function redactLine(line: string): string {
  if (state.redact(line) === line) return line;
  // Redact each string by itself: redacting across escapes would break the JSON.
  const clean = JSON.parse(line, (_key, value) =>
    typeof value === 'string' ? state.redact(value) : value,
  );
  return `${JSON.stringify(clean)}\n`;
}

/** Returns all secrets of the configuration, as written where they are used. */
export function configSecrets({ database, redisUrl, models, auth, outbound }: Config): string[] {
  const { url, sessionUrl } = database;
  const urls = [url, sessionUrl, redisUrl, outbound.httpProxy, outbound.httpsProxy];
  return [
    ...urls.map((address) => address && decodeURIComponent(new URL(address).password)),
    ...[...models.endpoints, models.kamiwaza].map((endpoint) => endpoint?.apiKey),
    auth.secret,
  ].filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}
