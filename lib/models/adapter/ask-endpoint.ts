/** A request to an endpoint: by the names it may know the model by, and again where that may help. */
import type { ErrorCode } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { processSingleton } from '@/lib/process';
import type { AttemptRequest } from './attempt';
import { AttemptFailure, endpointText } from './failure';
import { type Dialect, learnDialect, writeRequestBody } from './request-body';
import { nextWaitMs, sleep } from './retry';
import type { EndpointSettings } from './settings';

/** What a process has learned about a model at an endpoint. */
type Memory = {
  /** The name that worked last. */
  modelName: string;
  dialect: Dialect;
};

function memoryOf({ baseUrl, modelNames }: EndpointSettings): Memory {
  const all = processSingleton('models.endpoint-memory', () => new Map<string, Memory>());
  const key = JSON.stringify([baseUrl, modelNames]);
  const known = all.get(key);
  if (known) return known;
  const dialect = { askUsage: true, newTokenLimit: false };
  const fresh = { modelName: modelNames[0], dialect };
  all.set(key, fresh);
  return fresh;
}

/** A request as the provider wrote it. */
export type WrittenRequest = AttemptRequest & {
  streams: boolean;
  /** Fields of the body that the provider does not know. */
  fields?: Record<string, unknown>;
};

/**
 * Makes attempts until one succeeds or no further one makes sense.
 * @param attempt one attempt; throws AttemptFailure where it fails.
 * @throws AppError with an endpoint code; the signal's reason where it was aborted.
 */
export async function askEndpoint<T>(
  written: WrittenRequest,
  settings: EndpointSettings,
  attempt: (request: AttemptRequest) => Promise<T>,
): Promise<T> {
  const memory = memoryOf(settings);
  const names = [memory.modelName, ...settings.modelNames].filter(isFirst);
  let modelName = names.shift() ?? memory.modelName;
  let retries = 0;
  let waitedMs = 0;

  for (;;) {
    const { askUsage, newTokenLimit } = memory.dialect;
    const dialect = { askUsage: askUsage && written.streams, newTokenLimit };
    const body = writeRequestBody(written.body, modelName, dialect, written.fields);
    try {
      const answer = await attempt({ ...written, body });
      memory.modelName = modelName;
      return answer;
    } catch (failure) {
      if (!(failure instanceof AttemptFailure)) throw failure;
      const { appError } = failure;
      const learned = learnedFrom(dialect, failure);
      if (learned) {
        memory.dialect = { ...memory.dialect, ...learned };
      } else if (MAYBE_ANOTHER_NAME.has(appError.code) && names.length > 0) {
        modelName = names.shift() ?? modelName;
      } else {
        const waitMs = nextWaitMs(failure, retries, waitedMs);
        if (waitMs === null) throw appError;
        retries += 1;
        waitedMs += waitMs;
        logger.warn(
          { code: appError.code, waitMs, retries },
          'model endpoint failed, trying again',
        );
        await sleep(waitMs, written.signal);
      }
    }
  }
}

/** Servers answer a wrong name and a wrong path alike. */
const MAYBE_ANOTHER_NAME = new Set<ErrorCode>(['endpoint_model_missing', 'endpoint_wrong_address']);

function isFirst(name: string, index: number, all: string[]): boolean {
  return all.indexOf(name) === index;
}

function learnedFrom(dialect: Dialect, { appError }: AttemptFailure): Partial<Dialect> | null {
  return appError.code === 'endpoint_rejected'
    ? learnDialect(dialect, endpointText(appError) ?? '')
    : null;
}
