import type { LanguageModelV1 } from 'ai';
import { getConfig } from '@/lib/server/config';
import { kamiwazaPortUrl } from '@/lib/server/config/parse-models';
import type { Config } from '@/lib/server/config/types';
import type { EndpointSettings, EndpointTimeouts } from './adapter/endpoint-settings';
import { endpointModel, type LearnedBehavior } from './endpoint-model';

/**
 * Creates a model that Kamiwaza or another OpenAI-compatible endpoint serves. Every model that the
 * app uses is created here.
 * @param address a port of the configured Kamiwaza host, or a base URL that ends in `/v1`
 * @param settings of the endpoint; defaults: the configured ones, and no API key
 * @param behavior what was learned about the model so far
 */
export function kamiwazaModel(
  address: number | string,
  modelId: string,
  settings: Partial<EndpointSettings> = {},
  behavior?: LearnedBehavior,
): LanguageModelV1 {
  const { models } = getConfig();
  const baseUrl =
    typeof address === 'number' ? `${kamiwazaPortUrl(models.kamiwazaHost, address)}/v1` : address;
  return endpointModel(
    {
      apiKey: 'not-needed-kamiwaza',
      modelNames: [modelId],
      verifyTls: models.verifyTls,
      timeouts: timeoutsOf(models),
      ...settings,
      baseUrl,
    },
    behavior,
  );
}

export function timeoutsOf(models: Config['models']): EndpointTimeouts {
  const { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs } = models;
  return { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs };
}
