/** Sends a request to an endpoint, with each name it may serve the model under and with retries. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '@/lib/protocol/errors';
import { logger } from '@/lib/server/log/logger';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import type { AttemptRequest } from './attempt';
import type { EndpointSettings } from './endpoint-settings';
import { AttemptFailure, endpointMessage } from './failure';
import { type Dialect, learnDialect, writeRequestBody } from './request-body';
import { retryDelayMs } from './retry';

/** The model name and request dialect that a process has found to work at an endpoint. */
type EndpointState = {
  /** The name that worked last. */
  modelName: string;
  dialect: Dialect;
};

function endpointStateOf({ baseUrl, modelNames }: EndpointSettings): EndpointState {
  const states = processSingleton('models.endpoint-states', () => new Map<string, EndpointState>());
  const key = JSON.stringify([baseUrl, modelNames]);
  const existing = states.get(key);
  if (existing) return existing;
  const dialect = { includeUsage: true, usesMaxCompletionTokens: false };
  const created = { modelName: modelNames[0], dialect };
  states.set(key, created);
  return created;
}

/** A request as the provider created it. */
export type ProviderRequest = AttemptRequest & {
  isStreaming: boolean;
  /** Extra body fields that the provider does not know. */
  extraFields?: Record<string, unknown>;
};

/**
 * Makes attempts until one succeeds or another one makes no sense.
 * @param attempt one attempt; throws AttemptFailure.
 * @throws AppError with an endpoint code; the signal's reason if it was aborted.
 */
export async function requestEndpoint<T>(
  request: ProviderRequest,
  settings: EndpointSettings,
  attempt: (request: AttemptRequest) => Promise<T>,
): Promise<T> {
  const state = endpointStateOf(settings);
  const names = [state.modelName, ...settings.modelNames].filter(isFirstOccurrence);
  let modelName = names.shift() ?? state.modelName;
  let retries = 0;
  let totalDelayMs = 0;

  for (;;) {
    const { includeUsage, usesMaxCompletionTokens } = state.dialect;
    const dialect = {
      includeUsage: includeUsage && request.isStreaming,
      usesMaxCompletionTokens,
    };
    const body = writeRequestBody(request.body, modelName, dialect, request.extraFields);
    try {
      const result = await attempt({ ...request, body });
      state.modelName = modelName;
      return result;
    } catch (failure) {
      if (!(failure instanceof AttemptFailure)) throw failure;
      const { appError } = failure;
      const learned = learnFromFailure(dialect, failure);
      if (learned) {
        state.dialect = { ...state.dialect, ...learned };
      } else if (WRONG_NAME_CODES.has(appError.code) && names.length > 0) {
        modelName = names.shift() ?? modelName;
      } else {
        const waitMs = retryDelayMs(failure, retries, totalDelayMs);
        if (waitMs === null) throw appError;
        retries += 1;
        totalDelayMs += waitMs;
        logger.warn({ code: appError.code, waitMs, retries }, 'Model endpoint failed; retrying');
        await sleep(waitMs, undefined, { signal: request.signal }).catch(() => {});
        request.signal?.throwIfAborted();
      }
    }
  }
}

/** Servers may report a wrong model name like a wrong path. */
const WRONG_NAME_CODES = new Set<ErrorCode>(['endpoint_model_missing', 'endpoint_wrong_address']);

function isFirstOccurrence(name: string, index: number, all: string[]): boolean {
  return all.indexOf(name) === index;
}

function learnFromFailure(dialect: Dialect, { appError }: AttemptFailure): Partial<Dialect> | null {
  return appError.code === 'endpoint_rejected'
    ? learnDialect(dialect, endpointMessage(appError) ?? '')
    : null;
}
