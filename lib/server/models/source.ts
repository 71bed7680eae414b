import type { ModelInfo } from '@/lib/protocol/api';
import type { EndpointSettings } from './adapter/endpoint-settings';

/** A listed model with the settings to call it. Never leaves the server: it holds the API key. */
export type ListedModel = {
  info: ModelInfo;
  settings: EndpointSettings;
};

/** A provider of models: an endpoint or a platform. */
export type ModelSource = {
  /** Prefix of the refs of its models. */
  id: string;
  /** Display name. */
  name: string;
  /**
   * Its models move (a redeploy changes the address), so a stale list must not be used while a new
   * one is fetched.
   */
  volatile: boolean;
  /** @throws AppError with an endpoint code. */
  list(): Promise<ListedModel[]>;
};

/** Maximum characters of a model ref in a request. */
export const MAX_REF_CHARS = 500;

/** Timeout for listing the models of a source, in milliseconds. */
export const LIST_TIMEOUT_MS = 2_000;

const NON_CHAT_PATTERN =
  /(^|[-_/. ])(embed(ding)?s?|minilm|e5|bge|gte|rerank(er)?|colbert|whisper|tts|transcribe|speech|moderation|dall-e|diffusion|clip)([-_/. ]|\d|$)/i;

/** Whether a model's name shows that it cannot chat: embedding, ranking, audio, images. */
export function isNonChatModelName(name: string): boolean {
  return NON_CHAT_PATTERN.test(name);
}

/** Display name of a model id: without folders and file extension. */
export function displayName(modelId: string): string {
  const last = modelId.split('/').findLast((part) => part !== '') ?? modelId;
  return last.replace(/\.gguf$/i, '');
}
