import type { LanguageModelV1 } from 'ai';
import type { ModelInfo, ModelList } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import type { Config } from '@/lib/server/config/types';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import { type LearnedBehavior, newLearnedBehavior } from './endpoint-model';
import { kamiwazaSource } from './kamiwaza/kamiwaza-source';
import { kamiwazaModel, timeoutsOf } from './kamiwaza-model';
import { openAiSource } from './openai-source';
import type { ListedModel, ModelSource } from './source';
import { createSourceCache, type SourceCache, type SourceState } from './source-cache';
import { withLostHandler } from './with-lost-handler';

export type ResolvedModel = { info: ModelInfo; model: LanguageModelV1 };

export type Discovery = {
  /** The models of all reachable endpoints, and the errors of the others. */
  list(): Promise<ModelList>;
  /**
   * Resolves a model ref.
   * @throws AppError model_not_found, no_model, or the list error of the model's endpoint if that
   *   endpoint has never listed its models.
   */
  resolve(ref: string): Promise<ResolvedModel>;
  /** Adds the built-in demo model, which listens at `baseUrl`. */
  addDemo(baseUrl: string): void;
};

export function createDiscovery(config: Config['models']): Discovery {
  const caches: SourceCache[] = createSources(config).map((source) => createSourceCache(source));
  const behaviors = new Map<string, LearnedBehavior>();

  function behaviorOf(ref: string): LearnedBehavior {
    const behavior = behaviors.get(ref) ?? newLearnedBehavior();
    behaviors.set(ref, behavior);
    return behavior;
  }

  /** The listed capabilities, corrected by what requests have shown. */
  function withLearnedCapabilities({ info }: ListedModel): ModelInfo {
    if (!behaviors.get(info.ref)?.toolsUnsupported) return info;
    return { ...info, capabilities: { ...info.capabilities, tools: false } };
  }

  return {
    async list() {
      const states = await Promise.all(caches.map((cache) => cache.current()));
      const models = states
        .filter(({ error }) => error === null)
        .flatMap((state) => (state.models ?? []).map(withLearnedCapabilities));
      return {
        models,
        defaultRef: chooseDefault(models, config.defaultModel),
        problems: states.flatMap(({ source, error }) =>
          error ? [{ endpoint: source.name, error: error.toBody() }] : [],
        ),
      };
    },

    async resolve(ref) {
      const states = await Promise.all(caches.map((cache) => cache.currentOrStale()));
      const listed = findListed(states, ref) ?? (await findAfterRefresh(caches, ref));
      if (!listed) throw notFound(states, ref);
      const { baseUrl, modelNames } = listed.settings;
      const model = kamiwazaModel(baseUrl, modelNames[0], listed.settings, behaviorOf(ref));
      return {
        info: withLearnedCapabilities(listed),
        model: withLostHandler(model, () => expireAll(caches)),
      };
    },

    addDemo(baseUrl) {
      const source = openAiSource({
        id: 'demo',
        name: 'Built-in demo',
        baseUrl,
        apiKey: null,
        verifyTls: true,
        timeouts: timeoutsOf(config),
        demo: true,
      });
      caches.push(createSourceCache(source));
    },
  };
}

function createSources(config: Config['models']): ModelSource[] {
  const { verifyTls } = config;
  const timeouts = timeoutsOf(config);
  const sources = config.endpoints.map((endpoint) =>
    openAiSource({ ...endpoint, verifyTls, timeouts, unlistedModel: config.defaultModel }),
  );
  return config.kamiwaza
    ? [...sources, kamiwazaSource({ platform: config.kamiwaza, verifyTls, timeouts })]
    : sources;
}

function chooseDefault(models: ModelInfo[], preferredName: string | null): string | null {
  const preferred = models.find(({ ref, name }) => {
    return (
      preferredName !== null &&
      (ref === preferredName || name === preferredName || ref.endsWith(`/${preferredName}`))
    );
  });
  return (preferred ?? models[0])?.ref ?? null;
}

/** A failing source counts with its last list: the model itself may still respond. */
function findListed(states: SourceState[], ref: string): ListedModel | undefined {
  return states.flatMap(({ models }) => models ?? []).find(({ info }) => info.ref === ref);
}

/** Searches again in current lists: the first search may have used stale ones. */
async function findAfterRefresh(
  caches: SourceCache[],
  ref: string,
): Promise<ListedModel | undefined> {
  return findListed(await Promise.all(caches.map((cache) => cache.current())), ref);
}

function expireAll(caches: SourceCache[]): void {
  for (const cache of caches) cache.expire();
}

function notFound(states: SourceState[], ref: string): AppError {
  const failed = states.filter(({ error, models }) => error !== null && models === null);
  const matching = failed.find(({ source }) => ref.startsWith(`${source.id}/`));
  if (matching?.error) return matching.error;
  const listsAny = states.some(({ models }) => (models?.length ?? 0) > 0);
  return new AppError(listsAny ? 'model_not_found' : 'no_model');
}

function discovery(): Discovery {
  return processSingleton('models.discovery', () => createDiscovery(getConfig().models));
}

/** The models of all configured endpoints. */
export function listModels(): Promise<ModelList> {
  return discovery().list();
}

/** @see Discovery.resolve */
export function resolveModel(ref: string): Promise<ResolvedModel> {
  return discovery().resolve(ref);
}

/** Registers the built-in demo model at `baseUrl`. Call it once per process. */
export function registerDemoEndpoint(baseUrl: string): void {
  discovery().addDemo(baseUrl);
}
