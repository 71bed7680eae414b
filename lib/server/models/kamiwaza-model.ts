import type { LanguageModelV1 } from 'ai';
import { getConfig } from '@/lib/server/config';
import type { Config } from '@/lib/server/config/types';
import type { EndpointTimeouts } from './adapter/endpoint-settings';
import { endpointModel } from './endpoint-model';

/** A model that a Kamiwaza platform serves on a port of the configured host. */
export function kamiwazaModel(port: number, modelId: string): LanguageModelV1 {
  const { models } = getConfig();
  return endpointModel({
    baseUrl: `http://${models.kamiwazaHost}:${port}/v1`,
    apiKey: 'not-needed-kamiwaza',
    modelNames: [modelId],
    verifyTls: models.verifyTls,
    timeouts: timeoutsOf(models),
  });
}

export function timeoutsOf(models: Config['models']): EndpointTimeouts {
  const { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs } = models;
  return { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs };
}
