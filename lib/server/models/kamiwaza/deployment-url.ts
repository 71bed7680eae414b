import type { KamiwazaConfig } from '@/lib/server/config/types';
import type { Deployment } from './deployments';

/**
 * Base URL of a deployment, ending in `/v1`. The first that is present: its full URL; its path at
 * the platform's origin; its port at the host of the API (Docker generation, where a port is plain
 * HTTP); the path that the Kubernetes generation gives every deployment.
 */
export function deploymentBaseUrl(
  deployment: Deployment,
  platform: Pick<KamiwazaConfig, 'apiUrl' | 'origin'>,
): string {
  const { endpoint, accessPath, port, id } = deployment;
  const explicitUrl = endpoint && parseEndpoint(endpoint, platform.origin);
  if (explicitUrl) return withVersion(explicitUrl);
  if (accessPath) return withVersion(platform.origin + modelPath(accessPath));
  if (port) {
    const scheme = port === 443 ? 'https' : 'http';
    return `${scheme}://${new URL(platform.apiUrl).hostname}:${port}/v1`;
  }
  return `${platform.origin}/runtime/models/${encodeURIComponent(id)}/v1`;
}

/** Whether a URL is on one of the platform's own hosts. Only these get its API key. */
export function isPlatformUrl(url: string, { hosts }: Pick<KamiwazaConfig, 'hosts'>): boolean {
  const { hostname } = new URL(url);
  return hosts.some((host) => host.toLowerCase() === hostname.replace(/\.$/, ''));
}

/** Returns the URL without query and credentials; null if it is not a valid http(s) URL. */
function parseEndpoint(endpoint: string, origin: string): string | null {
  if (!URL.canParse(endpoint, origin)) return null;
  const { protocol, host, pathname } = new URL(endpoint, origin);
  return /^https?:$/.test(protocol) ? `${protocol}//${host}${pathname}` : null;
}

/** Model routes are at the origin, not under `/api`, whatever the list says. */
function modelPath(path: string): string {
  return `/${path.replace(/^\/+/, '')}`.replace(/^\/api(?=\/runtime\/)/, '');
}

function withVersion(url: string): string {
  return `${url.replace(/\/+$/, '').replace(/(\/v1)+$/, '')}/v1`;
}
