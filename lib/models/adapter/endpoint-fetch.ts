/**
 * The fetch under the provider: limits, retries and errors of an endpoint, and its stream made
 * even. Only for chat completions.
 */
import { logger } from '@/lib/logger';
import { processSingleton } from '@/lib/process';
import { attempt } from './attempt';
import { AttemptFailure, endpointText } from './failure';
import { asksForStream, writeRequestBody } from './request-body';
import { nextWaitMs, sleep } from './retry';
import type { EndpointSettings } from './settings';

/** What a process has learned about a model at an endpoint. */
type Memory = {
  /** Place in `modelNames` of the name that worked last. */
  nameIndex: number;
  /** False once the endpoint has refused to be asked for token counts. */
  askUsage: boolean;
};

function memoryOf({ baseUrl, modelNames }: EndpointSettings): Memory {
  const all = processSingleton('models.endpoint-memory', () => new Map<string, Memory>());
  const key = JSON.stringify([baseUrl, modelNames]);
  const known = all.get(key);
  if (known) return known;
  const fresh = { nameIndex: 0, askUsage: true };
  all.set(key, fresh);
  return fresh;
}

/**
 * A fetch for the provider of one model.
 *
 * It resolves when the first piece of a streamed answer is there, so that whatever goes wrong
 * before is thrown, as an AppError, and may be tried again. What goes wrong later comes through the
 * stream as an error part, behind everything that had arrived.
 */
export function createEndpointFetch(settings: EndpointSettings): typeof fetch {
  return async (input, init) => {
    const memory = memoryOf(settings);
    const signal = init?.signal ?? undefined;
    const written = String(init?.body ?? '');
    const streams = asksForStream(written);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const url = input instanceof Request ? input.url : String(input);
    let namesTried = 1;
    let retries = 0;
    let waitedMs = 0;

    for (;;) {
      const modelName = settings.modelNames[memory.nameIndex] ?? settings.modelNames[0];
      const askUsage = streams && memory.askUsage;
      const body = writeRequestBody(written, { modelName, askUsage });
      try {
        return await attempt({ url, headers, body, streams, signal }, settings);
      } catch (failure) {
        if (!(failure instanceof AttemptFailure)) throw failure;
        const { appError } = failure;
        if (askUsage && isAboutUsage(failure)) {
          memory.askUsage = false;
          continue;
        }
        if (appError.code === 'endpoint_model_missing' && namesTried < settings.modelNames.length) {
          namesTried += 1;
          memory.nameIndex = (memory.nameIndex + 1) % settings.modelNames.length;
          continue;
        }
        const waitMs = nextWaitMs(failure, retries, waitedMs);
        if (waitMs === null) throw appError;
        retries += 1;
        waitedMs += waitMs;
        logger.warn(
          { code: appError.code, waitMs, retries },
          'model endpoint failed, trying again',
        );
        await sleep(waitMs, signal);
      }
    }
  };
}

function isAboutUsage({ appError }: AttemptFailure): boolean {
  return (
    appError.code === 'endpoint_rejected' &&
    /stream_options|include_usage/.test(endpointText(appError) ?? '')
  );
}
