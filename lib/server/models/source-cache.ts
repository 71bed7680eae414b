import type { AppError } from '@/lib/protocol/errors';
import { logger } from '@/lib/server/log/logger';
import { type ListedModel, MAX_REF_CHARS, type ModelSource } from './source';
import { toAppError } from './to-app-error';

export type SourceState = {
  source: ModelSource;
  /** Its last list, retained while it fails; null if it has never succeeded. */
  models: ListedModel[] | null;
  /** Error of the last attempt; null if it succeeded. */
  error: AppError | null;
};

export type SourceCache = {
  /** The state, which was fetched or attempted at most `MAX_AGE_MS` ago. */
  current(): Promise<SourceState>;
  /** The state without waiting for the source if a stale one is acceptable. */
  currentOrStale(): Promise<SourceState>;
  /** Marks the list as stale: a model was not at its listed address. */
  expire(): void;
};

/** A list is stale and fetched again after this time, in milliseconds. */
export const MAX_AGE_MS = 10_000;

/** Maximum models of one source: every client that opens the app gets the whole list. */
export const MAX_MODELS = 5_000;

/** Caches the list of a source. Concurrent callers share one request. */
export function createSourceCache(
  source: ModelSource,
  now: () => number = () => Date.now(),
): SourceCache {
  const state: SourceState = { source, models: null, error: null };
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<SourceState> | null = null;
  let omittedCount = 0;
  let expirations = 0;

  /** The models whose refs a client may send, at most `MAX_MODELS` of them. */
  function withinLimits(listed: ListedModel[]): ListedModel[] {
    const withValidRef = listed.filter(({ info }) => info.ref.length <= MAX_REF_CHARS);
    const models = withValidRef.slice(0, MAX_MODELS);
    const tooLong = listed.length - withValidRef.length;
    const tooMany = withValidRef.length - models.length;
    // Lists are refreshed often: log once, until the number changes.
    if (tooLong + tooMany > 0 && tooLong + tooMany !== omittedCount) {
      logger.warn(
        { endpoint: source.name, listed: listed.length, tooLong, tooMany },
        `Some models of the endpoint are not listed: the limits are ${MAX_MODELS} models and ${MAX_REF_CHARS} characters per model reference`,
      );
    }
    omittedCount = tooLong + tooMany;
    return models;
  }

  async function refresh(): Promise<SourceState> {
    const expirationsBefore = expirations;
    try {
      state.models = withinLimits(await source.list());
      state.error = null;
    } catch (error) {
      state.error = toAppError(error);
    }
    // A list that was requested before it was marked as stale is stale.
    if (expirations === expirationsBefore) fetchedAt = now();
    fetching = null;
    return { ...state };
  }

  async function current(): Promise<SourceState> {
    if (now() - fetchedAt < MAX_AGE_MS) return { ...state };
    fetching ??= refresh();
    return fetching;
  }

  return {
    current,
    async currentOrStale() {
      const pending = current();
      return source.volatile || state.models === null ? pending : { ...state };
    },
    expire() {
      expirations += 1;
      fetchedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
