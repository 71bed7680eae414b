import { makeStateDir } from '../lib/paths';
import { warn } from '../lib/steps';
import { ensureDatabase, startCluster } from '../postgres/cluster';
import { resolveClusterConfig } from '../postgres/cluster-config';

const DATABASE = 'throughline';

export type EmbeddedDatabase = {
  url: string;
  /** For the line of the step. */
  description: string;
  stop(): Promise<void>;
};

/**
 * Starts this checkout's own PostgreSQL and restarts it on the same port if it ends unexpectedly.
 * @param onLost called if it ends again within 5 s or cannot be restarted
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
      if (Date.now() - startedAt < 5_000) throw new Error('PostgreSQL keeps ending unexpectedly.');
      warn('PostgreSQL ended unexpectedly; restarting it.');
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
