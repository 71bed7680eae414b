/** Chooses the proxy of a request. Pure. */
import { BlockList, isIP } from 'node:net';
import type { Config } from '@/lib/server/config/types';

export type ProxySettings = Pick<Config['outbound'], 'httpProxy' | 'httpsProxy' | 'noProxy'>;

/**
 * Returns the proxy for a URL; null: connect directly. Loopback addresses are direct unless
 * NO_PROXY holds `<-loopback>`, as in browsers.
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

/** The host of a URL as DNS resolves it: without brackets or a trailing dot, in lower case. */
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

/**
 * Matches `*`, a host with its subdomains, an address or a network, each with or without a port.
 */
function matchesNoProxy(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain, entryPort] = /^(?:\[(.+)\]|(.+?))(?::(\d+))?$/.exec(entry) ?? [];
  // Without brackets, the last group of an IPv6 address looks like a port.
  const isAddress = isIP(entry.split('/')[0] ?? '') === 6;
  const name = isAddress ? entry : (bracketed ?? plain ?? '');
  if (!isAddress && entryPort && entryPort !== port) return false;
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
