/**
 * Live runs between processes through Redis, with the resumable-stream package.
 *
 * Nothing that happens to Redis may reach a person: the writer's own readers never wait for it, and
 * whoever follows from elsewhere goes on from Postgres. So every call here fails softly and fast.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { createResumableStreamContext } from 'resumable-stream/generic';
import { splitLines } from '@/lib/protocol/lines';
import { logger } from '@/lib/server/log/logger';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { readLog } from '@/lib/server/runs/read-log';
import type { RunRelay } from '@/lib/server/runs/relay';

/** A follower that gets no answer in this time reads from Postgres. */
const FOLLOW_TIMEOUT_MS = 1_500;
const MAX_RECONNECT_DELAY_MS = 2_000;

type Client = ReturnType<typeof connectRedis>;

export function createRedisRelay(url: string): RunRelay {
  const outage = new OutageLog();
  const publisher = connectRedis(url, outage);
  const subscriber = connectRedis(url, outage);
  const context = createResumableStreamContext({
    keyPrefix: 'throughline',
    // Production goes on by itself in this process; there is nothing to keep awake.
    waitUntil: () => {},
    publisher: nonThrowingPublisher(publisher),
    subscriber: nonThrowingSubscriber(subscriber),
  });

  async function publishRun(run: LiveRun): Promise<void> {
    if (!publisher.isReady || !subscriber.isReady) return;
    const copy = await context.createNewResumableStream(run.row.id, () => logAsText(run));
    // The package reads its source on its own; its own copy of it is for nobody.
    await copy?.cancel();
  }

  return {
    publish(run) {
      publishRun(run).catch((error) => logger.warn({ err: error }, 'A run could not be offered'));
    },
    async follow(runId) {
      if (!publisher.isReady || !subscriber.isReady) return null;
      const resumed = context.resumeExistingStream(runId).catch(() => null);
      const timeout = sleep(FOLLOW_TIMEOUT_MS, null);
      const stream = await Promise.race([resumed, timeout]);
      return stream?.pipeThrough(stopAtGap()) ?? null;
    },
    async close() {
      publisher.destroy();
      subscriber.destroy();
    },
  };
}

/** Begins the line that says how many lines of the run went before a piece. No run's line does. */
const POSITION_PREFIX = '@';

/**
 * The run's log as text, from its first line, each piece with its place in front: messages can be
 * lost while Redis restarts. It never errors: the package could not bear that.
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

/** Takes the places out again. Ends before the first piece that is not where the last one ended. */
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

/** One warning when Redis goes away, one line when it is back, however many attempts lie between. */
class OutageLog {
  private isDown = false;

  onError(error: unknown): void {
    if (this.isDown) return;
    this.isDown = true;
    const cause = error instanceof Error ? error.message || error.name : String(error);
    logger.warn(
      { cause },
      'Redis cannot be reached (REDIS_URL): answers go on, other processes follow them through Postgres until it is back',
    );
  }

  onReady(): void {
    if (this.isDown) logger.info('Redis is back');
    this.isDown = false;
  }
}

function connectRedis(url: string, outage: OutageLog) {
  const client = createClient({
    url,
    // Without a connection a command fails at once instead of waiting for one.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: (retries) => Math.min(100 * 2 ** retries, MAX_RECONNECT_DELAY_MS),
    },
  });
  client.on('error', (error) => outage.onError(error));
  client.on('ready', () => outage.onReady());
  // Rejects only when the client is closed for good.
  client.connect().catch(() => {});
  return client;
}

/** A publisher whose calls do not reject: the package leaves some of them unhandled. */
function nonThrowingPublisher(client: Client) {
  /** Followers that have gone: the package would publish to them until the end. */
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
