import type { LanguageModelV1 } from 'ai';
import { getConfig } from '@/lib/config';
import type { Config } from '@/lib/config/types';
import type { Limits } from './adapter/settings';
import { endpointModel } from './endpoint-model';

/** A model that a Kamiwaza platform serves on a port of the configured host. */
export function kamiwazaModel(port: number, modelId: string): LanguageModelV1 {
  const { models } = getConfig();
  return endpointModel({
    baseUrl: `http://${models.kamiwazaHost}:${port}/v1`,
    apiKey: 'not-needed-kamiwaza',
    modelNames: [modelId],
    verifyTls: models.verifyTls,
    limits: limitsOf(models),
  });
}

export function limitsOf(models: Config['models']): Limits {
  const { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs } = models;
  return { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs };
}
