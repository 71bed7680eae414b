import type { LanguageModelV1 } from 'ai';
import { getConfig } from '@/lib/server/config';
import { kamiwazaPortUrl } from '@/lib/server/config/parse-models';
import type { Config } from '@/lib/server/config/types';
import type { EndpointSettings, EndpointTimeouts } from './adapter/endpoint-settings';
import { endpointModel, type LearnedBehavior } from './endpoint-model';
import { KAMIWAZA_PLACEHOLDER_KEY } from './kamiwaza/placeholder-key';

/**
 * Creates a model that Kamiwaza or another OpenAI-compatible endpoint serves. Every model that the
 * app uses is created here.
 * @param portOrBaseUrl a port of the configured Kamiwaza host, or a base URL that ends in `/v1`
 * @param settings override the configured timeouts and TLS check; without an API key, Kamiwaza's
 * placeholder is sent
 * @param behavior what was learned about the model so far
 */
export function kamiwazaModel(
  portOrBaseUrl: number | string,
  modelId: string,
  settings: Partial<EndpointSettings> = {},
  behavior?: LearnedBehavior,
): LanguageModelV1 {
  const { models } = getConfig();
  const baseUrl =
    typeof portOrBaseUrl === 'number'
      ? `${kamiwazaPortUrl(models.kamiwazaHost, portOrBaseUrl)}/v1`
      : portOrBaseUrl;
  return endpointModel(
    {
      apiKey: KAMIWAZA_PLACEHOLDER_KEY,
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
