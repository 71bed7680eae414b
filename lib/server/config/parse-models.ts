import type { Config, EndpointConfig, KamiwazaConfig } from '@/lib/server/config/types';
import type { Values } from '@/lib/server/config/variables';

/** Derives the model sources from the validated variables. */
export function parseModels(values: Values): Config['models'] {
  const kamiwazaHost = values.KAMIWAZA_HOST ?? 'localhost';
  const endpoints = parseEndpoints(values, kamiwazaHost);
  const kamiwaza = parseKamiwaza(values);
  return {
    endpoints,
    kamiwaza,
    kamiwazaHost,
    verifyTls: values.KAMIWAZA_VERIFY_SSL ?? true,
    demo: endpoints.length === 0 && kamiwaza === null,
    defaultModel: values.DEFAULT_MODEL ?? null,
    connectTimeoutMs: values.MODEL_CONNECT_TIMEOUT_MS ?? 10_000,
    firstTokenTimeoutMs: values.MODEL_FIRST_TOKEN_TIMEOUT_MS ?? 180_000,
    idleTimeoutMs: values.MODEL_IDLE_TIMEOUT_MS ?? 90_000,
    totalTimeoutMs: values.MODEL_TOTAL_TIMEOUT_MS ?? 1_800_000,
  };
}

/** Fixed endpoints, most explicit first; an address that is configured twice is one endpoint. */
function parseEndpoints(values: Values, kamiwazaHost: string): EndpointConfig[] {
  const kamiwazaKey = values.KAMIWAZA_API_KEY ?? null;
  const port = values.KAMIWAZA_MODEL_PORT;
  const configured: [id: string, url: string | undefined, apiKey: string | null][] = [
    ['openai', values.OPENAI_BASE_URL, values.OPENAI_API_KEY ?? null],
    ['kamiwaza-endpoint', values.KAMIWAZA_ENDPOINT, kamiwazaKey],
    ['kamiwaza-model', values.KAMIWAZA_MODEL_URL, kamiwazaKey],
    ['kamiwaza-port', port ? kamiwazaPortUrl(kamiwazaHost, port) : undefined, kamiwazaKey],
  ];
  const endpoints: EndpointConfig[] = [];
  for (const [id, url, apiKey] of configured) {
    if (!url) continue;
    const baseUrl = endpointBaseUrl(url);
    if (endpoints.some((existing) => existing.baseUrl === baseUrl)) continue;
    endpoints.push({ id, name: new URL(baseUrl).host, baseUrl, apiKey });
  }
  return endpoints;
}

/** The address of a model that Kamiwaza serves on a port; a port is plain HTTP. */
export function kamiwazaPortUrl(host: string, port: number): string {
  return `http://${host}:${port}`;
}

function parseKamiwaza(values: Values): KamiwazaConfig | null {
  if (!values.KAMIWAZA_API_URL) return null;
  // Anything after /api is an API path (/api/serving/deployments, /api/docs).
  const platform = new URL(normalizeUrl(values.KAMIWAZA_API_URL));
  platform.pathname = platform.pathname.replace(/(\/api(\/.*)?|\/)?$/, '/api');
  const apiUrl = platform.href;
  const publicUrl = values.KAMIWAZA_ORIGIN ?? values.KAMIWAZA_PUBLIC_API_URL ?? apiUrl;
  const named = [apiUrl, publicUrl, values.KAMIWAZA_PUBLIC_API_URL].filter(
    (url) => url !== undefined,
  );
  return {
    apiUrl,
    // Model routes are served at the public origin; the API may have an internal host name.
    origin: new URL(publicUrl).origin,
    hosts: [
      ...named.map((url) => new URL(url).hostname),
      ...(values.KAMIWAZA_HOST ? [values.KAMIWAZA_HOST] : []),
    ],
    apiKey: values.KAMIWAZA_API_KEY ?? null,
  };
}

/** Operation paths below the base URL, which users copy along with it. */
const OPERATION_SUFFIX =
  /\/(chat\/completions|completions)$|(?<=\/v\d[^/]*)\/(models|responses|embeddings)$/;

/**
 * Normalizes an endpoint's base URL for the provider: no trailing slash, `/v1` once at the end. No
 * `/v1` is added to a path with another version (`/v1beta/openai`) or an operation
 * (`/inference/chat/completions`), because it already determines the base.
 */
function endpointBaseUrl(url: string): string {
  const normalized = normalizeUrl(url);
  const base = normalized.replace(OPERATION_SUFFIX, '');
  const withoutVersion = base.replace(/(\/v1)+$/, '');
  if (withoutVersion !== base) return `${withoutVersion}/v1`;
  const hasExplicitBase =
    base !== normalized || /\/v\d[^/]*(\/|$)/.test(new URL(withoutVersion).pathname);
  return hasExplicitBase ? withoutVersion : `${withoutVersion}/v1`;
}

/** Removes repeated and trailing slashes from the URL's path, and its query and fragment. */
export function normalizeUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '');
}
