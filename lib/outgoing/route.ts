/** The way of an outgoing request: the agent that connects, and what of the request hangs on it. */
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { processSingleton } from '@/lib/process';
import { publicLookup, refusePrivateHost } from './private-address';
import { hostOf, proxyFor } from './proxy';
import { getOutgoing } from './settings';
import { connectionTo, proxyHeaders, TunnelAgent } from './tunnel-agent';

const AGENT = {
  keepAlive: true,
  keepAliveMsecs: 15_000,
  maxFreeSockets: 64,
  // Node gives an address 250 ms where a name has several, too little for a far endpoint.
  autoSelectFamilyAttemptTimeout: 1_000,
} as const;

export type RouteOptions = {
  /** False: certificates go unchecked for this request, never for the whole process. */
  verifyTls: boolean;
  /** Whether the host may be in a private network: only where a setting names it. */
  allowPrivate: boolean;
};

export type Route = {
  client: typeof http | typeof https;
  options: https.RequestOptions;
  /** The proxy speaks plain HTTP for us: its failures to connect are not the host's. */
  proxied: boolean;
};

/** @throws PrivateAddress */
export function routeTo(url: URL, { verifyTls, allowPrivate }: RouteOptions): Route {
  if (!allowPrivate) refusePrivateHost(hostOf(url));
  const proxy = proxyFor(url, getOutgoing());
  // Behind a proxy, it is the proxy that looks names up.
  const lookup = allowPrivate || proxy ? {} : { lookup: publicLookup };
  const guarded = allowPrivate ? '' : '.public';
  if (url.protocol === 'https:') {
    const key = `outgoing.agent.https.${verifyTls}${guarded}.${proxy?.href ?? ''}`;
    const options = { ...AGENT, ...lookup, rejectUnauthorized: verifyTls, secureContext: trust() };
    const agent = processSingleton(key, () =>
      proxy ? new TunnelAgent(proxy, options) : new https.Agent(options),
    );
    return { client: https, options: { ...target(url), agent }, proxied: proxy !== null };
  }
  if (!proxy) {
    const agent = processSingleton(
      `outgoing.agent.http${guarded}`,
      () => new http.Agent({ ...AGENT, ...lookup }),
    );
    return { client: http, options: { ...target(url), agent }, proxied: false };
  }
  const secure = proxy.protocol === 'https:';
  const agent = processSingleton(`outgoing.agent.proxy.${secure}.${verifyTls}`, () =>
    secure
      ? new https.Agent({ ...AGENT, rejectUnauthorized: verifyTls, secureContext: trust() })
      : new http.Agent(AGENT),
  );
  const headers = { host: url.host, ...proxyHeaders(proxy) };
  const options = { ...connectionTo(proxy), path: url.href, headers, agent };
  return { client: secure ? https : http, options, proxied: true };
}

function target(url: URL): https.RequestOptions {
  return { host: hostOf(url), port: url.port || undefined, path: url.pathname + url.search };
}

/** The usual certificates and those of the settings. Made once: a context costs tens of milliseconds. */
function trust(): tls.SecureContext | undefined {
  const { extraCertificates } = getOutgoing();
  if (extraCertificates.length === 0) return undefined;
  return processSingleton('outgoing.trust', () =>
    tls.createSecureContext({ ca: [...tls.rootCertificates, ...extraCertificates] }),
  );
}
