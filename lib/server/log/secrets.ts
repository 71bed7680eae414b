import type { Config } from '@/lib/server/config/types';
import { createRedactor } from '@/lib/server/log/redact-secrets';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const state = processSingleton('logSecrets', () => ({
  known: new Set<string>(),
  redact: (line: string) => line,
}));

/** From now on these values appear in no line of the log. */
export function registerSecrets(secrets: readonly string[]): void {
  for (const secret of secrets) state.known.add(secret);
  state.redact = createRedactor([...state.known]);
}

/** A line of the log, as JSON, without the values of the secrets that the process knows. */
export function redactLine(line: string): string {
  if (state.redact(line) === line) return line;
  // Text by text: across its escapes the line would be JSON no more.
  const clean = JSON.parse(line, (_key, value) =>
    typeof value === 'string' ? state.redact(value) : value,
  );
  return `${JSON.stringify(clean)}\n`;
}

/** Every secret of the configuration, as it is written where it is used. */
export function configSecrets({ database, redisUrl, models, auth, outbound }: Config): string[] {
  const { url, sessionUrl } = database;
  const urls = [url, sessionUrl, redisUrl, outbound.httpProxy, outbound.httpsProxy];
  return [
    ...urls.map((address) => address && decodeURIComponent(new URL(address).password)),
    ...[...models.endpoints, models.kamiwaza].map((endpoint) => endpoint?.apiKey),
    auth.secret,
  ].filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}
