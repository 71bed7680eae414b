/**
 * How the processes on one database know who of them is alive.
 *
 * Each holds one connection that says "I am here" in two ways: an advisory lock, which Postgres frees
 * the moment the process dies, and a heartbeat, for the death that closes no connection (a frozen
 * machine, a cut network). The same connection listens for signals.
 *
 * The heartbeat is also the database's pulse: where none reaches it for SILENCE_MS, all connections of
 * the process are given up, so that nothing in it waits for a database that hangs. It is the one limit
 * for whatever the process asks the database; a query that merely takes long is not touched.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { getConfig } from '@/lib/server/config';
import { connect, resetConnections } from '@/lib/server/db/client';
import { SIGNAL_CHANNEL, signals } from '@/lib/server/db/signals';
import { isDatabaseReachable, withStallTimeout } from '@/lib/server/db/stall-timeout';
import { logger } from '@/lib/server/log/logger';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const HEARTBEAT_INTERVAL_MS = 500;
/** A database that answers no heartbeat for so long hangs. */
const STALL_TIMEOUT_MS = 5_000;
/** How long the pool may take to answer where no connection for heartbeats can be made. */
const POOL_PROBE_TIMEOUT_MS = 1_000;
/** Without a heartbeat for so long a process is dead, whatever its lock says. */
const LEASE_SECONDS = 10;
export const LEASE_MS = LEASE_SECONDS * 1000;
/**
 * Without its lock it is dead after this: a living one that lost just that connection has gone on
 * with its heartbeats on the next one by then.
 */
const LOCK_LOSS_GRACE_SECONDS = 1.2;
/** Between two heartbeats of a healthy connection, at most. */
const MAX_HEARTBEAT_GAP_MS = 2_000;
/** The first half of the locks' names; any constant that nothing else on the database uses. */
const LOCK_CLASS = 731_802;

export class Presence {
  /** This life of the process: what its runs name as their owner. */
  readonly id: string;
  private connection: Sql | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** The server's process behind the connection that listens. */
  private backendPid: number | undefined;
  private holdsLock = false;
  private lastHeartbeatAt = Number.NEGATIVE_INFINITY;
  /** Since when heartbeats have come without a gap, and when the last gap ended, if there was one. */
  private healthySince = Number.POSITIVE_INFINITY;
  private lastGapAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly name: string) {
    this.id = `${name}#${randomUUID()}`;
  }

  /** Whether signals of other processes arrive: the connection that listens answered a moment ago. */
  get isListening(): boolean {
    return performance.now() - this.lastHeartbeatAt < MAX_HEARTBEAT_GAP_MS;
  }

  /** Resolves with the first heartbeat; others follow until `leave`. @throws what Postgres says */
  async start(): Promise<void> {
    await this.sendHeartbeat();
    const next = () => {
      this.timer = setTimeout(async () => {
        await this.sendHeartbeat().catch((error) => this.onMissedHeartbeat(error));
        if (this.timer) next();
      }, HEARTBEAT_INTERVAL_MS);
      this.timer.unref();
    };
    next();
  }

  /** Ends the heartbeats and says goodbye, so that nobody looks for this process. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const connection = this.connection;
    if (!connection) return;
    await Promise.race([
      // A run that could not be saved must be found by others.
      connection`delete from instance where id = ${this.id} and not exists (
        select 1 from run where owner_instance = ${this.id} and status = 'running')`.catch(
        () => {},
      ),
      sleep(500),
    ]);
    await connection.end({ timeout: 0 });
  }

  /**
   * The ids of processes that have died and may have left runs.
   *
   * After an outage of the database everybody's heartbeats are old, and after a restart or a failover
   * of it all locks are gone: then the living get the length of a lease to be heard again. An outage
   * shows in this process's own heartbeats, and in an answer that was long in coming.
   *
   * @param atStart also those that must be earlier lives of this process: of the same name, and with
   *   the embedded database, which no other process uses, any
   */
  async findDead(sql: Sql, { atStart = false } = {}): Promise<string[]> {
    const startedAt = performance.now();
    const isHealthy = startedAt - this.lastHeartbeatAt < MAX_HEARTBEAT_GAP_MS;
    const trustsHeartbeats = isHealthy && startedAt - this.healthySince >= LEASE_MS;
    const trustsLocks = isHealthy && startedAt - this.lastGapAt >= LEASE_MS;
    const isPreviousIncarnation = !atStart
      ? sql`false`
      : getConfig().database.embedded
        ? sql`true`
        : sql`name = ${this.name}`;
    const rows = await sql<Array<{ id: string }>>`
      select id from instance
      where id <> ${this.id} and (
        ${isPreviousIncarnation}
        or (${trustsHeartbeats} and seen_at < now() - make_interval(secs => ${LEASE_SECONDS}))
        or (${trustsLocks} and seen_at < now() - make_interval(secs => ${LOCK_LOSS_GRACE_SECONDS})
          and (seen_at > pg_postmaster_start_time()
            or pg_postmaster_start_time() < now() - make_interval(secs => ${LEASE_SECONDS}))
          and not exists (
            select 1 from pg_locks
            where locktype = 'advisory' and classid = ${LOCK_CLASS}
              and objid = (hashtext(instance.id)::bigint & 4294967295)::oid and objsubid = 2
              and database = (select oid from pg_database where datname = current_database()))))`;
    const isFresh = performance.now() - startedAt < MAX_HEARTBEAT_GAP_MS;
    return isFresh || atStart ? rows.map(({ id }) => id) : [];
  }

  private async sendHeartbeat(): Promise<void> {
    this.connection ??= connectDedicated();
    const sql = this.connection;
    await withStallTimeout(this.sendHeartbeatOn(sql), STALL_TIMEOUT_MS, () => {
      this.connection = undefined;
      void sql.end({ timeout: 0 });
      resetConnections();
    });
    const now = performance.now();
    const isFirst = this.lastHeartbeatAt === Number.NEGATIVE_INFINITY;
    if (now - this.lastHeartbeatAt > MAX_HEARTBEAT_GAP_MS) this.healthySince = now;
    if (now - this.lastHeartbeatAt > MAX_HEARTBEAT_GAP_MS && !isFirst) this.lastGapAt = now;
    this.lastHeartbeatAt = now;
  }

  private async sendHeartbeatOn(sql: Sql): Promise<void> {
    const [row] = await sql<[{ backend: number }]>`
      insert into instance (id, name) values (${this.id}, ${this.name})
      on conflict (id) do update set seen_at = now()
      returning pg_backend_pid() as backend`;
    if (row.backend !== this.backendPid) {
      await sql`listen ${sql(SIGNAL_CHANNEL)}`;
      if (this.backendPid !== undefined) this.lastGapAt = this.healthySince = performance.now();
      this.backendPid = row.backend;
      this.holdsLock = false;
      signals().emitGap();
    }
    if (this.holdsLock) return;
    // Taken at the next heartbeat where the server still keeps it for a connection that was given up.
    const [lock] = await sql<[{ taken: boolean }]>`
      select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${this.id})) as taken`;
    this.holdsLock = lock.taken;
  }

  private async onMissedHeartbeat(error: unknown): Promise<void> {
    logger.debug({ err: error }, 'A heartbeat did not reach the database');
    if (performance.now() - this.lastHeartbeatAt < STALL_TIMEOUT_MS) return;
    // This connection may be the last one to learn that the database is back.
    if (!(await isDatabaseReachable(POOL_PROBE_TIMEOUT_MS))) resetConnections();
  }
}

/** A single connection that stays, and hands on what it is notified of. */
function connectDedicated(): Sql {
  return connect(getConfig().database.sessionUrl, 1, {
    max_lifetime: null,
    // Not among the driver's documented options; its own `listen` uses it, but on a connection that
    // nobody else can use and that is given up where it cannot be opened again at once.
    ...({
      onnotify: (_channel: string, payload: string) => signals().dispatch(payload),
    } as object),
  });
}

/** The process's presence. */
export function presence(): Presence {
  return processSingleton('presence', () => new Presence(getConfig().instance));
}
