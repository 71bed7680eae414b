/**
 * Relays live runs between processes through Redis, with the resumable-stream package.
 *
 * A failure of Redis must not affect users: readers in the writer's process never wait for it, and
 * readers in other processes continue from Postgres. So every call here fails fast, without an
 * error.
 */
import { createClient } from 'redis';
import { createResumableStreamContext } from 'resumable-stream/generic';
import { RELAY_FOLLOW_TIMEOUT_MS } from '@/lib/protocol/latency';
import { splitLines } from '@/lib/protocol/lines';
import { logger } from '@/lib/server/log/logger';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { readLog } from '@/lib/server/runs/read-log';
import type { RunRelay } from '@/lib/server/runs/run-relay';
import { backoffMs } from '@/lib/shared/backoff';
import { withTimeout } from '@/lib/shared/with-timeout';

type Client = ReturnType<typeof connectRedis>;

export function createRedisRelay(url: string): RunRelay {
  const outage = new OutageLog();
  const publisher = connectRedis(url, outage);
  const subscriber = connectRedis(url, outage);
  const context = createResumableStreamContext({
    keyPrefix: 'throughline',
    // The process keeps running by itself: nothing has to be kept alive for the stream.
    waitUntil: () => {},
    publisher: nonThrowingPublisher(publisher),
    subscriber: nonThrowingSubscriber(subscriber),
  });

  async function publishRun(run: LiveRun): Promise<void> {
    if (!publisher.isReady || !subscriber.isReady) return;
    const copy = await context.createNewResumableStream(run.row.id, () => logAsText(run));
    // The package reads its source by itself; the returned copy has no reader.
    await copy?.cancel();
  }

  return {
    publish(run) {
      publishRun(run).catch((error) =>
        logger.warn({ err: error }, 'A run could not be published to Redis'),
      );
    },
    async follow(runId) {
      if (!publisher.isReady || !subscriber.isReady) return null;
      const resumed = context.resumeExistingStream(runId).catch(() => null);
      const stream = await withTimeout(resumed, RELAY_FOLLOW_TIMEOUT_MS, () => null);
      return stream?.pipeThrough(stopAtGap()) ?? null;
    },
    async close() {
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

/** Starts a line with the number of lines before a chunk. No line of a run starts with it. */
const POSITION_PREFIX = '@';

/**
 * The run's log as text, from its first line. Each chunk is prefixed with its position, because
 * messages can be lost while Redis restarts. Never errors: the package could not handle that.
 */
function logAsText(run: LiveRun): ReadableStream<string> {
  const decoder = new TextDecoder();
  let position = 0;
  return readLog(run.log, 0, { linesOnly: true }).pipeThrough(
    new TransformStream<Uint8Array, string>({
      transform(bytes, controller) {
        const text = decoder.decode(bytes);
        controller.enqueue(`${POSITION_PREFIX}${position}\n${text}`);
        position += splitLines(text).length;
      },
    }),
  );
}

/** Removes the positions. Ends before the first chunk that does not follow the previous one. */
function stopAtGap(): TransformStream<string, string> {
  let position = 0;
  return new TransformStream({
    transform(text, controller) {
      const lines: string[] = [];
      for (const line of splitLines(text)) {
        if (!line.startsWith(POSITION_PREFIX)) lines.push(`${line}\n`);
        else if (Number(line.slice(POSITION_PREFIX.length)) !== position + lines.length) {
          controller.enqueue(lines.join(''));
          controller.terminate();
          return;
        }
      }
      position += lines.length;
      controller.enqueue(lines.join(''));
    },
  });
}

/** Logs one warning per Redis outage and one line when it is over, not every failed attempt. */
class OutageLog {
  private isDown = false;

  onError(error: unknown): void {
    if (this.isDown) return;
    this.isDown = true;
    const cause = error instanceof Error ? error.message || error.name : String(error);
    logger.warn(
      { cause },
      'Redis is unreachable (REDIS_URL); answers continue, and other processes read them from Postgres until it is back',
    );
  }

  onReady(): void {
    if (this.isDown) logger.info('Redis is reachable again');
    this.isDown = false;
  }
}

function connectRedis(url: string, outage: OutageLog) {
  const client = createClient({
    url,
    // Without a connection, commands fail immediately instead of waiting for one.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: (retries) => backoffMs(retries, { initialMs: 100, maxMs: 2_000 }),
    },
  });
  client.on('error', (error) => outage.onError(error));
  client.on('ready', () => outage.onReady());
  // Rejects only if the client is closed permanently.
  client.connect().catch(() => {});
  return client;
}

/** A publisher whose calls never reject: the package leaves some rejections unhandled. */
function nonThrowingPublisher(client: Client) {
  /** Channels of followers that have left: the package would publish to them until the end. */
  const departedChannels = new Set<string>();
  return {
    connect: async () => {},
    async publish(channel: string, message: string): Promise<number> {
      if (departedChannels.has(channel)) return 0;
      const receivers = await client.publish(channel, message).catch(() => -1);
      if (receivers === 0 && channel.includes(':chunk:')) departedChannels.add(channel);
      return receivers;
    },
    set: (key: string, value: string, options?: { EX?: number }) =>
      client.set(key, value, options?.EX ? { EX: options.EX } : undefined).catch(() => null),
    get: (key: string) => client.get(key).catch(() => null),
    incr: (key: string) => client.incr(key).catch(() => 1),
  };
}

function nonThrowingSubscriber(client: Client) {
  return {
    connect: async () => {},
    subscribe: async (channel: string, listener: (message: string) => void) => {
      await client.subscribe(channel, listener);
    },
    unsubscribe: (channel: string) => client.unsubscribe(channel).catch(() => {}),
  };
}
