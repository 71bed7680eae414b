import type { Config, EndpointConfig, KamiwazaConfig } from '@/lib/config/types';
import type { Values } from '@/lib/config/variables';

/** Where models come from, out of the checked variables. */
export function readModels(v: Values): Config['models'] {
  const kamiwazaHost = v.KAMIWAZA_HOST ?? 'localhost';
  const endpoints = readEndpoints(v, kamiwazaHost);
  const kamiwaza = readKamiwaza(v);
  return {
    endpoints,
    kamiwaza,
    kamiwazaHost,
    verifyTls: v.KAMIWAZA_VERIFY_SSL ?? true,
    demo: endpoints.length === 0 && kamiwaza === null,
    defaultModel: v.DEFAULT_MODEL ?? null,
    connectTimeoutMs: v.MODEL_CONNECT_TIMEOUT_MS ?? 10_000,
    firstTokenTimeoutMs: v.MODEL_FIRST_TOKEN_TIMEOUT_MS ?? 180_000,
    idleTimeoutMs: v.MODEL_IDLE_TIMEOUT_MS ?? 90_000,
    totalTimeoutMs: v.MODEL_TOTAL_TIMEOUT_MS ?? 1_800_000,
  };
}

/** Fixed endpoints, most explicit first; one address named twice is one endpoint. */
function readEndpoints(v: Values, kamiwazaHost: string): EndpointConfig[] {
  const kamiwazaKey = v.KAMIWAZA_API_KEY ?? null;
  const port = v.KAMIWAZA_MODEL_PORT;
  const named: [id: string, url: string | undefined, apiKey: string | null][] = [
    ['openai', v.OPENAI_BASE_URL, v.OPENAI_API_KEY ?? null],
    ['kamiwaza-endpoint', v.KAMIWAZA_ENDPOINT, kamiwazaKey],
    ['kamiwaza-model', v.KAMIWAZA_MODEL_URL, kamiwazaKey],
    ['kamiwaza-port', port ? `http://${kamiwazaHost}:${port}` : undefined, kamiwazaKey],
  ];
  const endpoints: EndpointConfig[] = [];
  for (const [id, url, apiKey] of named) {
    if (!url) continue;
    const baseUrl = endpointBaseUrl(url);
    if (endpoints.some((known) => known.baseUrl === baseUrl)) continue;
    endpoints.push({ id, name: new URL(baseUrl).host, baseUrl, apiKey });
  }
  return endpoints;
}

function readKamiwaza(v: Values): KamiwazaConfig | null {
  if (!v.KAMIWAZA_API_URL) return null;
  // Whatever follows /api is one of its paths (/api/serving/deployments, /api/docs).
  const platform = new URL(plainUrl(v.KAMIWAZA_API_URL));
  platform.pathname = platform.pathname.replace(/(\/api(\/.*)?|\/)?$/, '/api');
  const apiUrl = platform.href;
  const publicUrl = v.KAMIWAZA_ORIGIN ?? v.KAMIWAZA_PUBLIC_API_URL ?? apiUrl;
  const named = [apiUrl, publicUrl, v.KAMIWAZA_PUBLIC_API_URL].filter((url) => url !== undefined);
  return {
    apiUrl,
    // Model routes live at the public origin; the API may be reached by an inner name.
    origin: new URL(publicUrl).origin,
    hosts: [
      ...named.map((url) => new URL(url).hostname),
      ...(v.KAMIWAZA_HOST ? [v.KAMIWAZA_HOST] : []),
    ],
    apiKey: v.KAMIWAZA_API_KEY ?? null,
  };
}

/** Paths of the API below the base: whoever copied one knows where the base is. */
const OPERATION =
  /\/(chat\/completions|completions)$|(?<=\/v\d[^/]*)\/(models|responses|embeddings)$/;

/**
 * An endpoint's address as the provider wants it: no slash at its end, `/v1` there once. A path that
 * names another version (`/v1beta/openai`), or an operation (`/inference/chat/completions`), says
 * where the base is, and gets no `/v1`.
 */
function endpointBaseUrl(url: string): string {
  const given = plainUrl(url);
  const base = given.replace(OPERATION, '');
  const bare = base.replace(/(\/v1)+$/, '');
  if (bare !== base) return `${bare}/v1`;
  const saysBase = base !== given || /\/v\d[^/]*(\/|$)/.test(new URL(bare).pathname);
  return saysBase ? bare : `${bare}/v1`;
}

/** The address with single slashes in its path, and none at its end. */
export function plainUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}
