import type { Config } from '@/lib/config/types';
import type { StepResult } from '../lib/steps';

/** How long a start waits for endpoints; the app asks them again whenever somebody looks. */
const PATIENCE_MS = 3_000;

/** Where models will come from, and whether they answer, for the step's line. */
export async function lookAtModels({ models }: Config): Promise<StepResult> {
  if (models.demo) return 'built-in demo model (no endpoint configured)';
  // Loaded just here: it brings the whole AI SDK.
  const { createDiscovery } = await import('@/lib/models/discovery');
  const list = await Promise.race([createDiscovery(models).list(), late()]);
  const silent = list ? list.problems.map(({ endpoint }) => endpoint) : placesOf(models);
  if (silent.length > 0) return { warning: `${silent.join(', ')} cannot be used yet` };
  const count = list?.models.length ?? 0;
  const places = placesOf(models).join(', ');
  return count > 0
    ? `${count} ${count === 1 ? 'model' : 'models'} at ${places}`
    : { warning: `no model at ${places} yet` };
}

function placesOf(models: Config['models']): string[] {
  const names = models.endpoints.map(({ name }) => name);
  return models.kamiwaza ? [...names, new URL(models.kamiwaza.apiUrl).host] : names;
}

function late(): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), PATIENCE_MS).unref();
  });
}
