/** The way of an outgoing request: the agent that connects, and what of the request hangs on it. */
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
  // Node gives an address 250 ms where a name has several, too little for a far endpoint.
  autoSelectFamilyAttemptTimeout: 1_000,
} as const;

export type OutboundRouteOptions = {
  /** False: certificates go unchecked for this request, never for the whole process. */
  verifyTls: boolean;
  /** Whether the host may be in a private network: only where a setting names it. */
  allowPrivate: boolean;
};

export type OutboundRoute = {
  client: typeof http | typeof https;
  options: https.RequestOptions;
  /** The proxy speaks plain HTTP for us: its failures to connect are not the host's. */
  isProxied: boolean;
};

/** @throws PrivateAddress */
export function resolveOutboundRoute(
  url: URL,
  { verifyTls, allowPrivate }: OutboundRouteOptions,
): OutboundRoute {
  if (!allowPrivate) rejectPrivateHost(normalizedHost(url));
  const proxy = proxyFor(url, getOutboundConfig());
  // Behind a proxy, it is the proxy that looks names up.
  const lookup = allowPrivate || proxy ? {} : { lookup: publicLookup };
  const guarded = allowPrivate ? '' : '.public';
  if (url.protocol === 'https:') {
    const key = `outgoing.agent.https.${verifyTls}${guarded}.${proxy?.href ?? ''}`;
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
      `outgoing.agent.http${guarded}`,
      () => new http.Agent({ ...AGENT_OPTIONS, ...lookup }),
    );
    return { client: http, options: { ...targetOptions(url), agent }, isProxied: false };
  }
  const secure = proxy.protocol === 'https:';
  const agent = processSingleton(`outgoing.agent.proxy.${secure}.${verifyTls}`, () =>
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

/** The usual certificates and those of the settings. Made once: a context costs tens of milliseconds. */
function createSecureContext(): tls.SecureContext | undefined {
  const { extraCertificates } = getOutboundConfig();
  if (extraCertificates.length === 0) return undefined;
  return processSingleton('outgoing.trust', () =>
    tls.createSecureContext({ ca: [...tls.rootCertificates, ...extraCertificates] }),
  );
}
