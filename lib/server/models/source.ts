import type { ModelInfo } from '@/lib/protocol/api';
import type { EndpointSettings } from './adapter/endpoint-settings';

/** A model that a source lists, with all that is needed to call it. Never leaves the server. */
export type ListedModel = {
  info: ModelInfo;
  settings: EndpointSettings;
};

/** Somewhere that models come from: an endpoint, a platform. */
export type ModelSource = {
  /** The first half of the refs of its models. */
  id: string;
  /** What a person reads. */
  name: string;
  /**
   * Its models move (a redeploy brings a new address), so a list that is out of date must not be
   * used while a new one is fetched.
   */
  volatile: boolean;
  /** @throws AppError with an endpoint code. */
  list(): Promise<ListedModel[]>;
};

/** Characters of a model's ref: a send may name no longer one. */
export const MAX_REF_CHARS = 500;

/** How long a source may take to list its models, in milliseconds. */
export const LIST_TIMEOUT_MS = 2_000;

const NON_CHAT_PATTERN =
  /(^|[-_/. ])(embed(ding)?s?|minilm|e5|bge|gte|rerank(er)?|colbert|whisper|tts|transcribe|speech|moderation|dall-e|diffusion|clip)([-_/. ]|\d|$)/i;

/** Whether a model's name says that it does not chat: embedding, ranking, audio, pictures. */
export function isNonChatModelName(name: string): boolean {
  return NON_CHAT_PATTERN.test(name);
}

/** What a person reads of a model id: without folders and file endings. */
export function displayName(modelId: string): string {
  const last = modelId.split('/').findLast((part) => part !== '') ?? modelId;
  return last.replace(/\.gguf$/i, '');
}
