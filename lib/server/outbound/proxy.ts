/** Which proxy a request goes through. Pure. */
import { BlockList, isIP } from 'node:net';
import type { Config } from '@/lib/server/config/types';

export type ProxySettings = Pick<Config['outgoing'], 'httpProxy' | 'httpsProxy' | 'noProxy'>;

/**
 * The proxy for an address; null: it is asked directly. This machine's own addresses are, unless
 * NO_PROXY holds `<-loopback>`, the sign that browsers have for it.
 */
export function proxyFor(url: URL, settings: ProxySettings): URL | null {
  const proxy = url.protocol === 'https:' ? settings.httpsProxy : settings.httpProxy;
  if (!proxy) return null;
  const entries = settings.noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const host = normalizedHost(url);
  if (isLoopback(host) && !entries.includes('<-loopback>')) return null;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return entries.some((entry) => matchesNoProxy(entry, host, port)) ? null : new URL(proxy);
}

/** The host of an address as it is looked up: without brackets, and without a full stop at its end. */
export function normalizedHost({ hostname }: URL): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function isLoopback(host: string): boolean {
  return (
    /(^|\.)localhost$/.test(host) || host === '::1' || (isIP(host) === 4 && /^127\./.test(host))
  );
}

/** `*`, a host with what lies below it, an address or a network, each with or without a port. */
function matchesNoProxy(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain, wantedPort] = /^(?:\[(.+)\]|(.+?))(?::(\d+))?$/.exec(entry) ?? [];
  // Without brackets, a last group of an IPv6 address looks like a port.
  const isAddress = isIP(entry.split('/')[0] ?? '') === 6;
  const name = isAddress ? entry : (bracketed ?? plain ?? '');
  if (!isAddress && wantedPort && wantedPort !== port) return false;
  const [network = '', prefix] = name.split('/');
  if (isIP(network)) return isIP(host) > 0 && isWithin(host, network, prefix);
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(host: string, network: string, prefix: string | undefined): boolean {
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  const longest = isIP(network) === 6 ? 128 : 32;
  const bits = prefix === undefined ? longest : Number(prefix);
  if (!Number.isInteger(bits) || bits < 0 || bits > longest) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family(network));
  return list.check(host, family(host));
}
