/** Keys that endpoints repeat in their errors. */

import { createRedactor, REDACTED } from '@/lib/server/log/redact-secrets';

/** Takes an endpoint's secrets out of its own words. */
export type Redact = (text: string) => string;

const KEY_PATTERNS = [
  /\bBearer\s+[^\s"',;]+/gi,
  /\b(?:sk|pk|rk|hf|gsk|xai|nvapi|glpat|ghp|r8|key|token|api)[-_][\w-]{6,}/gi,
  /\bAIza[\w-]{20,}/g,
  // A JSON web token. It is looked for once in each run of its characters, where dots follow that run.
  /(?<![\w-])(?=[\w-]+\.[\w-]{8,}\.)[\w-]*?\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // Letters and digits mixed, longer than any word or a part of a model's name.
  /\b(?=[A-Za-z_]*\d)(?=[\d_]*[A-Za-z])\w{20,}\b/g,
];

/** What looks like a key becomes `[key]`. */
export function redactKeys(text: string): string {
  return KEY_PATTERNS.reduce((redacted, key) => redacted.replace(key, REDACTED), text);
}

/** Removes one endpoint's own key by its value, however it looks. */
export function redactorForEndpoint({ apiKey }: { apiKey: string | null }): Redact {
  return createRedactor(apiKey === null ? [] : [apiKey]);
}
