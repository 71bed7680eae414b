import type { Config } from '@/lib/server/config/types';
import type { StepResult } from '../lib/steps';

/** How long a start waits for endpoints; the app asks them again whenever somebody looks. */
const TIMEOUT_MS = 3_000;

/** Where models will come from, and whether they answer, for the step's line. */
export async function checkModels({ models }: Config): Promise<StepResult> {
  if (models.demo) return 'built-in demo model (no endpoint configured)';
  // Loaded just here: it brings the whole AI SDK.
  const { createDiscovery } = await import('@/lib/server/models/discovery');
  const list = await Promise.race([createDiscovery(models).list(), timeout()]);
  const unavailable = list ? list.problems.map(({ endpoint }) => endpoint) : endpointNames(models);
  if (unavailable.length > 0) return { warning: `${unavailable.join(', ')} cannot be used yet` };
  const count = list?.models.length ?? 0;
  const names = endpointNames(models).join(', ');
  return count > 0
    ? `${count} ${count === 1 ? 'model' : 'models'} at ${names}`
    : { warning: `no model at ${names} yet` };
}

function endpointNames(models: Config['models']): string[] {
  const names = models.endpoints.map(({ name }) => name);
  return models.kamiwaza ? [...names, new URL(models.kamiwaza.apiUrl).host] : names;
}

function timeout(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), TIMEOUT_MS).unref();
  });
}
