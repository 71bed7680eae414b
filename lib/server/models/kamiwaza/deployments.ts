/** Parses the deployments that a Kamiwaza platform lists, in both generations. Pure. */

import type { ModelCapabilities } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { isNonChatModelName } from '@/lib/server/models/source';

export type Deployment = {
  id: string;
  /** Stable across redeploys, unlike the id and the port. */
  name: string;
  /** Names under which its endpoint may serve it, the likeliest first. */
  modelNames: readonly [string, ...string[]];
  /** A full URL, a path at the platform's origin, a port: each null if absent. */
  endpoint: string | null;
  accessPath: string | null;
  port: number | null;
  /** Inference server: vllm, llamacpp, mlx, …; null if the platform does not report it. */
  engine: string | null;
  capabilities: ModelCapabilities;
};

const ACTIVE = new Set(['', 'deployed', 'running', 'ready', 'active']);

/**
 * Returns the deployments that can chat, one per model name, in the platform's order.
 * @throws AppError endpoint_invalid_response if the response is not a list.
 */
export function parseDeployments(body: unknown): Deployment[] {
  const fields = (body ?? {}) as Record<string, unknown>;
  const list = [body, fields.deployments, fields.items, fields.data].find(Array.isArray);
  if (!list) throw new AppError('endpoint_invalid_response', { cause: 'no list of deployments' });
  const byName = new Map<string, Deployment>();
  for (const entry of list) {
    const deployment = parseDeployment(entry);
    if (deployment && !byName.has(deployment.name)) byName.set(deployment.name, deployment);
  }
  return [...byName.values()];
}

function parseDeployment(value: unknown): Deployment | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const id = nonEmptyString(fields.id);
  const name = nonEmptyString(fields.m_name) ?? nonEmptyString(fields.canonical_model_id) ?? id;
  if (!id || !name || !ACTIVE.has((nonEmptyString(fields.status) ?? '').toLowerCase())) return null;
  if (!canChat(fields, name)) return null;
  const names = [
    nonEmptyString(fields.canonical_model_id),
    nonEmptyString(fields.m_name),
    nonEmptyString(fields.m_id),
    id,
  ];
  const uniqueNames = [...new Set(names.filter((candidate) => candidate !== null))];
  return {
    id,
    name,
    modelNames: [uniqueNames[0] ?? name, ...uniqueNames.slice(1)],
    endpoint: nonEmptyString(fields.endpoint),
    accessPath: nonEmptyString(fields.access_path),
    port: findPort(fields),
    engine: nonEmptyString(fields.engine_name) ?? nonEmptyString(fields.engine),
    capabilities: parseCapabilities(fields),
  };
}

/** The deployment's own port; older cores list only the ports of its instances. */
function findPort(fields: Record<string, unknown>): number | null {
  const instances = Array.isArray(fields.instances) ? fields.instances : [];
  const candidates = [fields.lb_port, ...instances.map((instance) => instance?.listen_port)];
  const port = candidates.map(Number).find((number) => Number.isInteger(number) && number > 0);
  return port ?? null;
}

function canChat(fields: Record<string, unknown>, name: string): boolean {
  const capabilities = lowerCaseStrings(fields.capabilities);
  if (
    capabilities.length > 0 &&
    !capabilities.some((word) => /chat|completion|generat/.test(word))
  ) {
    return false;
  }
  const engine = [nonEmptyString(fields.engine), nonEmptyString(fields.engine_name)].filter(
    (word) => word !== null,
  );
  return ![name, ...engine].some((word) => isNonChatModelName(word) || /transcrib/i.test(word));
}

/** Older cores do not report tool support: it is assumed until a request is rejected. */
function parseCapabilities(fields: Record<string, unknown>): ModelCapabilities {
  const features = lowerCaseStrings(fields.features);
  const mode = (fields.tool_calling as { mode?: unknown } | null | undefined)?.mode;
  const isUnspecified = !Array.isArray(fields.features) && typeof mode !== 'string';
  const modeAllows = typeof mode === 'string' && !/^(none|off|disabled|unsupported)$/i.test(mode);
  return {
    tools: isUnspecified || modeAllows || (typeof mode !== 'string' && features.includes('tools')),
    reasoning: features.includes('reasoning'),
    vision: features.includes('vision'),
  };
}

function nonEmptyString(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function lowerCaseStrings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((word) => typeof word === 'string').map((word) => word.toLowerCase())
    : [];
}
