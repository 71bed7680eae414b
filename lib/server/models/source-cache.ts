import type { AppError } from '@/lib/protocol/errors';
import { logger } from '@/lib/server/log/logger';
import { type ListedModel, MAX_REF_CHARS, type ModelSource } from './source';
import { toAppError } from './to-app-error';

export type SourceState = {
  source: ModelSource;
  /** What it listed last; kept while it fails. Null: it never has. */
  models: ListedModel[] | null;
  /** Why the last try failed; null where it did not. */
  error: AppError | null;
};

export type SourceCache = {
  /** The state, at most `FRESH_MS` old. */
  current(): Promise<SourceState>;
  /** The state without waiting for the source where an older one will do. */
  currentOrStale(): Promise<SourceState>;
  /** What was listed is out of date: a model was not where it should be. */
  expire(): void;
};

/** How long a list counts as current, in milliseconds. */
export const MAX_AGE_MS = 10_000;

/** Models of one source, at most: everybody who opens the app is given all of them. */
export const MAX_MODELS = 5_000;

/** One request at a time to the source, however many ask. */
export function createSourceCache(
  source: ModelSource,
  now: () => number = () => Date.now(),
): SourceCache {
  const state: SourceState = { source, models: null, error: null };
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<SourceState> | null = null;
  let omittedCount = 0;

  /** The models with names that a send may have, and no more of them than `MAX_MODELS`. */
  function withinLimits(listed: ListedModel[]): ListedModel[] {
    const validlyNamed = listed.filter(({ info }) => info.ref.length <= MAX_REF_CHARS);
    const models = validlyNamed.slice(0, MAX_MODELS);
    const tooLong = listed.length - validlyNamed.length;
    const tooMany = validlyNamed.length - models.length;
    // Lists are fetched again and again: said once, until it changes.
    if (tooLong + tooMany > 0 && tooLong + tooMany !== omittedCount) {
      logger.warn(
        { endpoint: source.name, listed: listed.length, tooLong, tooMany },
        `Not all models of the endpoint are listed: there may be ${MAX_MODELS}, with names of ${MAX_REF_CHARS} characters`,
      );
    }
    omittedCount = tooLong + tooMany;
    return models;
  }

  async function refresh(): Promise<SourceState> {
    try {
      state.models = withinLimits(await source.list());
      state.error = null;
    } catch (error) {
      state.error = toAppError(error);
    }
    fetchedAt = now();
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
      fetchedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
