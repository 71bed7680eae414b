'use client';

/** The available models, and the one that a chat uses. */
import useSWR from 'swr';
import { createStore, useStore } from '@/lib/client/browser/store';
import { api } from '@/lib/client/http/api';
import type { RequestError } from '@/lib/client/http/request-error';
import type { ModelInfo, ModelList } from '@/lib/protocol/api';

const NO_MODELS: ModelInfo[] = [];
const NO_PROBLEMS: ModelList['problems'] = [];

export type UseModelsResult = {
  models: ModelInfo[];
  defaultRef: string | null;
  problems: ModelList['problems'];
  /** Whether there is a list; false also after the first request has failed. */
  loaded: boolean;
  /** The first request, or its repetition after a failure, is pending. */
  loading: boolean;
  /** A request is pending, the first one or a refresh. */
  refreshing: boolean;
  error: RequestError | undefined;
  refresh: () => void;
};

export function useModels(): UseModelsResult {
  const { data, error, isLoading, isValidating, mutate } = useSWR<ModelList, RequestError>(
    '/api/models',
    (path: string) => api<ModelList>(path),
    { dedupingInterval: 10_000, focusThrottleInterval: 30_000 },
  );
  return {
    models: data?.models ?? NO_MODELS,
    defaultRef: data?.defaultRef ?? null,
    problems: data?.problems ?? NO_PROBLEMS,
    loaded: data !== undefined,
    loading: isLoading,
    refreshing: isValidating,
    error: data ? undefined : error,
    refresh: () => {
      mutate().catch(() => {});
    },
  };
}

/**
 * Returns the model a chat uses: the first of `candidates` that exists, else the server's default,
 * else the first of the list, else null. Until the list loads, the first candidate is used
 * unchecked.
 */
export function resolveModelRef(
  { models, defaultRef, loaded }: Pick<UseModelsResult, 'models' | 'defaultRef' | 'loaded'>,
  candidates: Array<string | null>,
): string | null {
  const requested = candidates.filter((ref) => ref !== null);
  if (!loaded) return requested[0] ?? null;
  const exists = (ref: string | null) => models.some((model) => model.ref === ref);
  return (
    requested.find(exists) ??
    (exists(defaultRef) ? defaultRef : undefined) ??
    models[0]?.ref ??
    null
  );
}

const LAST_MODEL_KEY = 'throughline.model';
const lastModel = createStore<string | null>(null);

if (typeof window !== 'undefined') {
  lastModel.setState(readLastModel());
  addEventListener('storage', () => lastModel.setState(readLastModel()));
}

/** Stores the model for the user's next new chat. */
export function rememberModel(ref: string): void {
  lastModel.setState(ref);
  try {
    localStorage.setItem(LAST_MODEL_KEY, ref);
  } catch {
    // Storage is full or blocked: the choice is lost with the page.
  }
}

function readLastModel(): string | null {
  try {
    return localStorage.getItem(LAST_MODEL_KEY);
  } catch {
    return null;
  }
}

/**
 * Returns the ref of the model that a chat should use.
 * @param chatModelRef the chat's model; null for a new chat, which uses the user's last choice
 */
export function useModelRef(chatModelRef: string | null): string | null {
  const models = useModels();
  const last = useStore(lastModel);
  return resolveModelRef(models, [chatModelRef, last]);
}
