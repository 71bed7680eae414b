import type { Config } from '@/lib/server/config/types';
import { formatCount } from '@/lib/shared/format-count';
import { withTimeout } from '@/lib/shared/with-timeout';
import type { StepResult } from '../lib/steps';

/** Timeout for the endpoints during a start; the app queries them again later. */
const TIMEOUT_MS = 3_000;

/** Describes the configured endpoints, and whether they respond, for the line of the step. */
export async function checkModels({ models }: Config): Promise<StepResult> {
  if (models.demo) return 'built-in demo model (no endpoint configured)';
  // Imported late: it loads the whole AI SDK.
  const { createDiscovery } = await import('@/lib/server/models/discovery');
  const list = await withTimeout(createDiscovery(models).list(), TIMEOUT_MS, () => null);
  const unavailable = list ? list.problems.map(({ endpoint }) => endpoint) : endpointNames(models);
  if (unavailable.length > 0) return { warning: `${unavailable.join(', ')} cannot be used yet` };
  const count = list?.models.length ?? 0;
  const names = endpointNames(models).join(', ');
  return count > 0
    ? `${formatCount(count, 'model')} at ${names}`
    : { warning: `no model at ${names} yet` };
}

function endpointNames(models: Config['models']): string[] {
  const names = models.endpoints.map(({ name }) => name);
  return models.kamiwaza ? [...names, new URL(models.kamiwaza.apiUrl).host] : names;
}
