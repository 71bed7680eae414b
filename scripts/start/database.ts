import { makeStateDir } from '../lib/paths';
import { warn } from '../lib/steps';
import { ensureDatabase, startCluster } from '../postgres/cluster';
import { placeCluster } from '../postgres/place';

const DATABASE = 'throughline';

export type OwnDatabase = {
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
export async function startOwnDatabase(onLost: (error: unknown) => void): Promise<OwnDatabase> {
  const site = await placeCluster(makeStateDir());
  let cluster = await startCluster(site);
  await ensureDatabase(cluster, DATABASE);
  let stopping = false;

  const watch = async (): Promise<void> => {
    for (;;) {
      const startedAt = Date.now();
      await cluster.exited;
      if (stopping) return;
      if (Date.now() - startedAt < 5_000) throw new Error('PostgreSQL keeps ending by itself.');
      warn('PostgreSQL ended unexpectedly and is started again.');
      cluster = await startCluster(site, cluster.port);
    }
  };
  watch().catch((error) => {
    if (!stopping) onLost(error);
  });

  return {
    url: cluster.url(DATABASE),
    description: `PostgreSQL on port ${cluster.port}`,
    stop: async () => {
      stopping = true;
      await cluster.stop();
    },
  };
}
