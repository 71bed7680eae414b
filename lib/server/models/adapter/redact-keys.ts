/** Redacts keys that endpoints repeat in their errors. */

import { createRedactor, REDACTED } from '@/lib/server/log/redact-secrets';

/** Removes an endpoint's secrets from its error messages. */
export type Redact = (text: string) => string;

const KEY_PATTERNS = [
  /\bBearer\s+[^\s"',;]+/gi,
  /\b(?:sk|pk|rk|hf|gsk|xai|nvapi|glpat|ghp|r8|key|token|api)[-_][\w-]{6,}/gi,
  /\bAIza[\w-]{20,}/g,
  // A JSON Web Token. The lookahead matches once per run of its characters, and only where dots
  // follow.
  /(?<![\w-])(?=[\w-]+\.[\w-]{8,}\.)[\w-]*?\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // Letters and digits mixed, longer than any word or part of a model name.
  /\b(?=[A-Za-z_]*\d)(?=[\d_]*[A-Za-z])\w{20,}\b/g,
];

/** Replaces everything that looks like a key with `[key]`. */
export function redactKeys(text: string): string {
  return KEY_PATTERNS.reduce((redacted, key) => redacted.replace(key, REDACTED), text);
}

/** Returns a redactor for one endpoint's own key, which matches its exact value. */
export function redactorForEndpoint({ apiKey }: { apiKey: string | null }): Redact {
  return createRedactor(apiKey === null ? [] : [apiKey]);
}
