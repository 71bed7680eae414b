import type { KamiwazaConfig } from '@/lib/server/config/types';
import {
  type EndpointTimeouts,
  prefillSupportOf,
} from '@/lib/server/models/adapter/endpoint-settings';
import { getJson } from '@/lib/server/models/adapter/get-json';
import {
  displayName,
  LIST_TIMEOUT_MS,
  type ListedModel,
  type ModelSource,
} from '@/lib/server/models/source';
import { deploymentBaseUrl, isPlatformUrl } from './deployment-url';
import { type Deployment, parseDeployments } from './deployments';
import { KAMIWAZA_PLACEHOLDER_KEY } from './placeholder-key';

export type KamiwazaSourceOptions = {
  platform: KamiwazaConfig;
  verifyTls: boolean;
  timeouts: EndpointTimeouts;
};

const ID = 'kamiwaza';
const NAME = 'Kamiwaza';

/**
 * The models deployed on a Kamiwaza platform. A ref holds the model's name, not its deployment id:
 * a redeploy changes the id and often the port, and the chat continues with the same model.
 */
export function kamiwazaSource(options: KamiwazaSourceOptions): ModelSource {
  const { platform, verifyTls } = options;
  const get = (path: string) =>
    getJson(platform.apiUrl + path, {
      apiKey: platform.apiKey,
      verifyTls,
      timeoutMs: LIST_TIMEOUT_MS,
    });
  return {
    id: ID,
    name: NAME,
    volatile: true,
    async list() {
      // Older cores have only the second path.
      const body =
        (await get('/serving/deployments')) ?? (await get('/serving/deployments/active'));
      return parseDeployments(body).map((deployment) => toListedModel(deployment, options));
    },
  };
}

function toListedModel(deployment: Deployment, options: KamiwazaSourceOptions): ListedModel {
  const { platform, verifyTls, timeouts } = options;
  const baseUrl = deploymentBaseUrl(deployment, platform);
  const isPlatformHost = isPlatformUrl(baseUrl, platform);
  return {
    info: {
      ref: `${ID}/${deployment.name}`,
      name: displayName(deployment.name),
      endpoint: NAME,
      demo: false,
      capabilities: deployment.capabilities,
    },
    settings: {
      baseUrl,
      // Any user who may deploy a model can name any host: only the platform's own hosts get its
      // key, and no other host may be in a private network.
      apiKey: (isPlatformHost && platform.apiKey) || KAMIWAZA_PLACEHOLDER_KEY,
      publicOnly: !isPlatformHost,
      modelNames: deployment.modelNames,
      verifyTls,
      timeouts,
      prefill: prefillSupportOf(deployment.engine),
    },
  };
}
