import type { ModelInfo } from '@/lib/protocol/api';

export type ModelGroup = { endpoint: string; models: ModelInfo[] };

/**
 * Returns the models whose name or endpoint contains every word of the query, grouped by endpoint.
 * Groups and models keep the server's order.
 */
export function groupModels(models: readonly ModelInfo[], query: string): ModelGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, ModelInfo[]>();
  for (const model of models) {
    const text = `${model.name} ${model.endpoint}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const group = groups.get(model.endpoint);
    if (group) group.push(model);
    else groups.set(model.endpoint, [model]);
  }
  return [...groups].map(([endpoint, grouped]) => ({ endpoint, models: grouped }));
}
