import type { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
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
  quick(): Promise<SourceState>;
  /** What was listed is out of date: a model was not where it should be. */
  expire(): void;
};

/** How long a list counts as current, in milliseconds. */
export const FRESH_MS = 10_000;

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
  let leftOut = 0;

  /** The models with names that a send may have, and no more of them than `MAX_MODELS`. */
  function withinLimits(listed: ListedModel[]): ListedModel[] {
    const named = listed.filter(({ info }) => info.ref.length <= MAX_REF_CHARS);
    const models = named.slice(0, MAX_MODELS);
    const tooLong = listed.length - named.length;
    const tooMany = named.length - models.length;
    // Lists are fetched again and again: said once, until it changes.
    if (tooLong + tooMany > 0 && tooLong + tooMany !== leftOut) {
      logger.warn(
        { endpoint: source.name, listed: listed.length, tooLong, tooMany },
        `Not all models of the endpoint are listed: there may be ${MAX_MODELS}, with names of ${MAX_REF_CHARS} characters`,
      );
    }
    leftOut = tooLong + tooMany;
    return models;
  }

  async function fetchNow(): Promise<SourceState> {
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
    if (now() - fetchedAt < FRESH_MS) return { ...state };
    fetching ??= fetchNow();
    return fetching;
  }

  return {
    current,
    async quick() {
      const pending = current();
      return source.volatile || state.models === null ? pending : { ...state };
    },
    expire() {
      fetchedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
