/** Resolves the agent and options of an outbound request. */
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import { publicLookup, rejectPrivateHost } from './private-address';
import { normalizedHost, proxyFor } from './proxy';
import { getOutboundConfig } from './settings';
import { proxyAuthHeaders, proxyConnection, TunnelAgent } from './tunnel-agent';

const AGENT_OPTIONS = {
  keepAlive: true,
  keepAliveMsecs: 15_000,
  maxFreeSockets: 64,
  // Node tries each address of a host name for 250 ms, too short for a distant endpoint.
  autoSelectFamilyAttemptTimeout: 1_000,
} as const;

export type OutboundRouteOptions = {
  /** False: certificates are not verified for this request, never for the whole process. */
  verifyTls: boolean;
  /** Whether the host may have a private address: only if it is configured. */
  allowPrivate: boolean;
};

export type OutboundRoute = {
  client: typeof http | typeof https;
  options: https.RequestOptions;
  /** The request goes through a proxy, whose own errors are not the host's. */
  isProxied: boolean;
};

/** @throws PrivateAddressError */
export function resolveOutboundRoute(
  url: URL,
  { verifyTls, allowPrivate }: OutboundRouteOptions,
): OutboundRoute {
  if (!allowPrivate) rejectPrivateHost(normalizedHost(url));
  const proxy = proxyFor(url, getOutboundConfig());
  // With a proxy, the proxy resolves names.
  const lookup = allowPrivate || proxy ? {} : { lookup: publicLookup };
  const lookupSuffix = allowPrivate ? '' : '.public';
  if (url.protocol === 'https:') {
    const key = `outbound.agent.https.${verifyTls}${lookupSuffix}.${proxy?.href ?? ''}`;
    const options = {
      ...AGENT_OPTIONS,
      ...lookup,
      rejectUnauthorized: verifyTls,
      secureContext: createSecureContext(),
    };
    const agent = processSingleton(key, () =>
      proxy ? new TunnelAgent(proxy, options) : new https.Agent(options),
    );
    return { client: https, options: { ...targetOptions(url), agent }, isProxied: proxy !== null };
  }
  if (!proxy) {
    const agent = processSingleton(
      `outbound.agent.http${lookupSuffix}`,
      () => new http.Agent({ ...AGENT_OPTIONS, ...lookup }),
    );
    return { client: http, options: { ...targetOptions(url), agent }, isProxied: false };
  }
  const secure = proxy.protocol === 'https:';
  const agent = processSingleton(`outbound.agent.proxy.${secure}.${verifyTls}`, () =>
    secure
      ? new https.Agent({
          ...AGENT_OPTIONS,
          rejectUnauthorized: verifyTls,
          secureContext: createSecureContext(),
        })
      : new http.Agent(AGENT_OPTIONS),
  );
  const headers = { host: url.host, ...proxyAuthHeaders(proxy) };
  const options = { ...proxyConnection(proxy), path: url.href, headers, agent };
  return { client: secure ? https : http, options, isProxied: true };
}

function targetOptions(url: URL): https.RequestOptions {
  return {
    host: normalizedHost(url),
    port: url.port || undefined,
    path: url.pathname + url.search,
  };
}

/**
 * The default certificates and the configured ones. Cached: a context costs tens of milliseconds.
 */
function createSecureContext(): tls.SecureContext | undefined {
  const { extraCertificates } = getOutboundConfig();
  if (extraCertificates.length === 0) return undefined;
  return processSingleton('outbound.secure-context', () =>
    tls.createSecureContext({ ca: [...tls.rootCertificates, ...extraCertificates] }),
  );
}
