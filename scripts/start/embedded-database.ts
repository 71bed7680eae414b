import { makeStateDir } from '../lib/paths';
import { warn } from '../lib/steps';
import { ensureDatabase, startCluster } from '../postgres/cluster';
import { resolveClusterConfig } from '../postgres/cluster-config';

const DATABASE = 'throughline';

export type EmbeddedDatabase = {
  url: string;
  /** For the step's line. */
  description: string;
  stop(): Promise<void>;
};

/**
 * Starts this checkout's own PostgreSQL and keeps it running: if its process ends by itself, it is
 * started again on the same port.
 * @param onLost where that does not help
 */
export async function startEmbeddedDatabase(
  onLost: (error: unknown) => void,
): Promise<EmbeddedDatabase> {
  const config = await resolveClusterConfig(makeStateDir());
  let cluster = await startCluster(config);
  await ensureDatabase(cluster, DATABASE);
  let isStopping = false;

  const supervise = async (): Promise<void> => {
    for (;;) {
      const startedAt = Date.now();
      await cluster.exited;
      if (isStopping) return;
      if (Date.now() - startedAt < 5_000) throw new Error('PostgreSQL keeps ending by itself.');
      warn('PostgreSQL ended unexpectedly and is started again.');
      cluster = await startCluster(config, cluster.port);
    }
  };
  supervise().catch((error) => {
    if (!isStopping) onLost(error);
  });

  return {
    url: cluster.url(DATABASE),
    description: `PostgreSQL on port ${cluster.port}`,
    stop: async () => {
      isStopping = true;
      await cluster.stop();
    },
  };
}
