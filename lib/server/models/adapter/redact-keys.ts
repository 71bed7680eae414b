/** Redacts keys that endpoints repeat in their errors. */

import { createRedactor, REDACTED } from '@/lib/server/log/redact-secrets';

/** Removes an endpoint's secrets from its error messages. */
export type Redact = (text: string) => string;

const KEY_PATTERNS = [
  /\bBearer\s+[^\s"',;]+/gi,
  /\b(?:sk|pk|rk|hf|gsk|xai|nvapi|glpat|ghp|r8)[-_][\w-]{6,}/gi,
  // These prefixes also occur in names, such as `api_version`: a key contains a digit. The
  // lookahead is bounded, so that the search stays linear.
  /\b(?:key|token|api)[-_](?=[a-z_-]{0,64}\d)[\w-]{6,}/gi,
  /\bAIza[\w-]{20,}/g,
  // A JSON Web Token. The lookarounds keep the search linear: they try it once per sequence of
  // token characters.
  /(?<![\w-])(?=[\w-]+\.[\w-]{8,}\.)[\w-]*?\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // Letters and digits mixed, with more of them in a row than a word or a part of a model name.
  /\b(?=[A-Za-z_]*\d)(?=[\d_]*[A-Za-z])(?=\w*[A-Za-z0-9]{16})\w{20,}\b/g,
];

/** Replaces everything that looks like a key with `[key]`. */
export function redactKeys(text: string): string {
  return KEY_PATTERNS.reduce((redacted, pattern) => redacted.replace(pattern, REDACTED), text);
}

/** Returns a redactor for one endpoint's own key, which matches its exact value. */
export function redactorForEndpoint({ apiKey }: { apiKey: string | null }): Redact {
  return createRedactor(apiKey === null ? [] : [apiKey]);
}
