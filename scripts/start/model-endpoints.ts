import type { Config } from '@/lib/config/types';
import type { StepResult } from '../lib/steps';

/** What the step "Models" says: where models will come from. */
export function describeModels({ models }: Config): StepResult {
  if (models.demo) return 'built-in demo model (no endpoint configured)';
  const places = models.endpoints.map((endpoint) => endpoint.baseUrl);
  if (models.kamiwaza) places.unshift(`Kamiwaza at ${models.kamiwaza.origin}`);
  return places.join(', ');
}
