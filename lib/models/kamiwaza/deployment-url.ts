import type { KamiwazaConfig } from '@/lib/config/types';
import type { Deployment } from './deployments';

/**
 * Where a deployment answers, ending in `/v1`: the address it gives in full; its path at the
 * platform's origin; its port at the host of the API (the Docker generation, where a port is plain
 * HTTP); else the path that the Kubernetes generation gives every deployment.
 */
export function deploymentBaseUrl(
  deployment: Deployment,
  platform: Pick<KamiwazaConfig, 'apiUrl' | 'origin'>,
): string {
  const { endpoint, accessPath, port, id } = deployment;
  if (endpoint) return withVersion(new URL(endpoint, platform.origin).href);
  if (accessPath) return withVersion(platform.origin + modelPath(accessPath));
  if (port) {
    const scheme = port === 443 ? 'https' : 'http';
    return `${scheme}://${new URL(platform.apiUrl).hostname}:${port}/v1`;
  }
  return `${platform.origin}/runtime/models/${encodeURIComponent(id)}/v1`;
}

/** Model routes live at the origin, not under `/api`, whatever the list says. */
function modelPath(path: string): string {
  return `/${path.replace(/^\/+/, '')}`.replace(/^\/api(?=\/runtime\/)/, '');
}

function withVersion(url: string): string {
  return `${url.replace(/\/+$/, '').replace(/(\/v1)+$/, '')}/v1`;
}
