/** Deployments as a Kamiwaza platform lists them, both generations. Pure. */
import { AppError } from '@/lib/errors';
import type { ModelCapabilities } from '@/lib/protocol/api';
import { isNamedForOtherWork } from '../source';

export type Deployment = {
  id: string;
  /** Stays the same over redeploys, unlike the id and the port. */
  name: string;
  /** Names its endpoint may know it by, the likeliest first. */
  modelNames: readonly [string, ...string[]];
  /** An address given in full, a path at the platform's origin, a port: where present. */
  endpoint: string | null;
  accessPath: string | null;
  port: number | null;
  /** What serves it: vllm, llamacpp, mlx, …; null where the platform does not say. */
  engine: string | null;
  capabilities: ModelCapabilities;
};

const ACTIVE = new Set(['', 'deployed', 'running', 'ready', 'active']);

/**
 * The deployments that can be chatted with, one for each model name, in the platform's order.
 * @throws AppError endpoint_bad_answer where the answer is no list.
 */
export function readDeployments(answer: unknown): Deployment[] {
  const fields = (answer ?? {}) as Record<string, unknown>;
  const list = [answer, fields.deployments, fields.items, fields.data].find(Array.isArray);
  if (!list) throw new AppError('endpoint_bad_answer', { cause: 'no list of deployments' });
  const byName = new Map<string, Deployment>();
  for (const entry of list) {
    const deployment = readDeployment(entry);
    if (deployment && !byName.has(deployment.name)) byName.set(deployment.name, deployment);
  }
  return [...byName.values()];
}

function readDeployment(value: unknown): Deployment | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const id = text(fields.id);
  const name = text(fields.m_name) ?? text(fields.canonical_model_id) ?? id;
  if (!id || !name || !ACTIVE.has((text(fields.status) ?? '').toLowerCase())) return null;
  if (!canChat(fields, name)) return null;
  const names = [text(fields.canonical_model_id), text(fields.m_name), text(fields.m_id), id];
  const known = [...new Set(names.filter((candidate) => candidate !== null))];
  return {
    id,
    name,
    modelNames: [known[0] ?? name, ...known.slice(1)],
    endpoint: text(fields.endpoint),
    accessPath: text(fields.access_path),
    port: portOf(fields),
    engine: text(fields.engine_name) ?? text(fields.engine),
    capabilities: readCapabilities(fields),
  };
}

/** A deployment's own port; older cores give only those of its instances. */
function portOf(fields: Record<string, unknown>): number | null {
  const instances = Array.isArray(fields.instances) ? fields.instances : [];
  const candidates = [fields.lb_port, ...instances.map((instance) => instance?.listen_port)];
  const port = candidates.map(Number).find((number) => Number.isInteger(number) && number > 0);
  return port ?? null;
}

function canChat(fields: Record<string, unknown>, name: string): boolean {
  const capabilities = words(fields.capabilities);
  if (
    capabilities.length > 0 &&
    !capabilities.some((word) => /chat|completion|generat/.test(word))
  ) {
    return false;
  }
  const engine = [text(fields.engine), text(fields.engine_name)].filter((word) => word !== null);
  return ![name, ...engine].some((word) => isNamedForOtherWork(word) || /transcrib/i.test(word));
}

/** Older cores say nothing of tools: then the first refusal tells. */
function readCapabilities(fields: Record<string, unknown>): ModelCapabilities {
  const features = words(fields.features);
  const mode = (fields.tool_calling as { mode?: unknown } | null | undefined)?.mode;
  const saysNothing = !Array.isArray(fields.features) && typeof mode !== 'string';
  const modeAllows = typeof mode === 'string' && !/^(none|off|disabled|unsupported)$/i.test(mode);
  return {
    tools: saysNothing || modeAllows || (typeof mode !== 'string' && features.includes('tools')),
    reasoning: features.includes('reasoning'),
    vision: features.includes('vision'),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function words(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((word) => typeof word === 'string').map((word) => word.toLowerCase())
    : [];
}
