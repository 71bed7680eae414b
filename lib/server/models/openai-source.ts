import { AppError } from '@/lib/protocol/errors';
import { type EndpointTimeouts, prefillSupportOf } from './adapter/endpoint-settings';
import { getJson } from './adapter/get-json';
import {
  displayName,
  isNonChatModelName,
  LIST_TIMEOUT_MS,
  type ListedModel,
  type ModelSource,
} from './source';

export type OpenAiSourceOptions = {
  id: string;
  name: string;
  /** Ends in `/v1`. */
  baseUrl: string;
  apiKey: string | null;
  verifyTls: boolean;
  timeouts: EndpointTimeouts;
  /** The built-in scripted model. */
  demo?: boolean;
  /** The endpoint's only model if it has no list of models. */
  unlistedModel?: string | null;
};

/** An entry of the list. Servers give their own name in `owned_by`. */
type EndpointModel = { id: string; ownedBy?: unknown };

/** The models of one OpenAI-compatible endpoint. */
export function openAiSource(options: OpenAiSourceOptions): ModelSource {
  const { id, name, baseUrl, apiKey, verifyTls } = options;
  return {
    id,
    name,
    volatile: false,
    async list() {
      const timeoutMs = LIST_TIMEOUT_MS;
      const body = await getJson(`${baseUrl}/models`, { apiKey, verifyTls, timeoutMs });
      const models = body === undefined ? [{ id: unlistedModelId() }] : parseModelList(body);
      return models.map((model) => toListedModel(model, options));
    },
  };

  function unlistedModelId(): string {
    if (options.unlistedModel) return options.unlistedModel.replace(`${id}/`, '');
    throw new AppError('endpoint_invalid_response', {
      message: 'The model server has no list of models. Check its address.',
    });
  }
}

/** @throws AppError endpoint_invalid_response if the response is not a list of models. */
function parseModelList(body: unknown): EndpointModel[] {
  const fields = (body ?? {}) as { data?: unknown; models?: unknown };
  const list = [body, fields.data, fields.models].find(Array.isArray);
  if (!list) throw new AppError('endpoint_invalid_response', { cause: 'no list of models' });
  const models = new Map<string, EndpointModel>();
  for (const entry of list as unknown[]) {
    const { id, name, type, task, owned_by } = (entry ?? {}) as Record<string, unknown>;
    const modelId = typeof id === 'string' ? id : typeof name === 'string' ? name : '';
    const labels = [modelId, type, task].filter((value) => typeof value === 'string');
    if (modelId === '' || labels.some((word) => isNonChatModelName(word))) continue;
    if (!models.has(modelId)) models.set(modelId, { id: modelId, ownedBy: owned_by });
  }
  return [...models.values()];
}

function toListedModel(model: EndpointModel, options: OpenAiSourceOptions): ListedModel {
  const modelId = model.id;
  const { id, name, baseUrl, apiKey, verifyTls, timeouts, demo = false } = options;
  return {
    info: {
      ref: `${id}/${modelId}`,
      name: demo ? 'Built-in demo (scripted)' : displayName(modelId),
      endpoint: name,
      demo,
      capabilities: { tools: true, reasoning: demo, vision: false },
    },
    settings: {
      baseUrl,
      apiKey,
      modelNames: [modelId],
      verifyTls,
      timeouts,
      prefill: prefillSupportOf(model.ownedBy),
    },
  };
}
