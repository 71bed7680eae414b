/**
 * Liveness of the processes that share a database.
 *
 * Each process holds one connection that signals liveness in two ways: an advisory lock, which
 * Postgres frees as soon as the process dies, and a heartbeat, for failures that close no
 * connection (a frozen machine, a network partition). The same connection listens for signals.
 *
 * The heartbeat also monitors the database: if none succeeds for STALL_TIMEOUT_MS, all connections
 * of the process are closed, so that no query waits for a stalled database. A query that is merely
 * slow is not affected; the only other query timeout that closes connections is the write-ahead's.
 */

import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { getConfig } from '@/lib/server/config';
import { connect, resetConnections } from '@/lib/server/db/client';
import { SIGNAL_CHANNEL, signals } from '@/lib/server/db/signals';
import { isDatabaseReachable, withStallTimeout } from '@/lib/server/db/stall-timeout';
import { logger } from '@/lib/server/log/logger';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import { withTimeout } from '@/lib/shared/with-timeout';

const HEARTBEAT_INTERVAL_MS = 500;
/** The database counts as stalled after this long without a response to a heartbeat. */
const STALL_TIMEOUT_MS = 5_000;
/** Timeout for a probe of the pool when the connection for heartbeats cannot be opened. */
const POOL_PROBE_TIMEOUT_MS = 1_000;
/** Timeout for unregistering a process that exits. */
const UNREGISTER_TIMEOUT_MS = 500;
/** A process counts as dead after this long without a heartbeat, even if it holds its lock. */
const LEASE_SECONDS = 10;
export const LEASE_MS = LEASE_SECONDS * 1000;
/**
 * A process without its lock counts as dead after this long without a heartbeat: a running process
 * that only lost the connection has resumed its heartbeats on a new one by then.
 */
const LOCK_LOSS_GRACE_SECONDS = 1.2;
/** Maximum gap between two heartbeats of a healthy connection. */
const MAX_HEARTBEAT_GAP_MS = 2_000;
/**
 * First key of the advisory locks; an arbitrary constant that nothing else in the database uses.
 */
const LOCK_CLASS = 731_802;

export class Presence {
  /** Id of this process incarnation; its runs store it as their owner. */
  readonly id: string;
  private connection: Sql | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Process id of the Postgres backend of the listening connection. */
  private backendPid: number | undefined;
  private holdsLock = false;
  private lastHeartbeatAt = Number.NEGATIVE_INFINITY;
  /** Start of the current series of heartbeats without a gap. */
  private healthySince = Number.POSITIVE_INFINITY;
  /** End of the last gap. */
  private lastGapAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly name: string) {
    this.id = `${name}#${randomUUID()}`;
  }

  /** Whether signals of other processes arrive: the last heartbeat of the connection is recent. */
  get isListening(): boolean {
    return performance.now() - this.lastHeartbeatAt < MAX_HEARTBEAT_GAP_MS;
  }

  /**
   * Resolves after the first heartbeat; more follow until `stop`.
   * @throws the error of the first heartbeat
   */
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

  /** Ends the heartbeats and unregisters this process, so that others do not count it as dead. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const connection = this.connection;
    if (!connection) return;
    // Other processes must find and close a run that could not be saved. If this fails, the process
    // counts as dead once its lock is free.
    const unregistered = connection`
      delete from instance where id = ${this.id} and not exists (
        select 1 from run where owner_instance = ${this.id} and status = 'running')`.catch(
      () => {},
    );
    await withTimeout(unregistered, UNREGISTER_TIMEOUT_MS, () => {});
    await connection.end({ timeout: 0 });
  }

  /**
   * Returns the ids of processes that have died and may have left runs.
   *
   * After a database outage all heartbeats are old, and after a database restart or failover all
   * locks are gone. Running processes then get one lease to renew them. An outage is detected by a
   * gap in this process's own heartbeats, or by a slow response to this query.
   *
   * @param atStart also returns earlier incarnations of this process: those with the same name or,
   *   on the embedded database, which only one process uses, all others
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
    // If Postgres still holds the lock for a dropped connection, the next heartbeat tries again.
    const [lock] = await sql<[{ taken: boolean }]>`
      select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${this.id})) as taken`;
    this.holdsLock = lock.taken;
  }

  private async onMissedHeartbeat(error: unknown): Promise<void> {
    logger.debug({ err: error }, 'A heartbeat did not reach the database');
    if (performance.now() - this.lastHeartbeatAt < STALL_TIMEOUT_MS) return;
    // The pool may have recovered before this connection: reset it only if it is unreachable, too.
    if (!(await isDatabaseReachable(POOL_PROBE_TIMEOUT_MS))) resetConnections();
  }
}

/** Opens a single connection without a maximum lifetime that dispatches notifications. */
function connectDedicated(): Sql {
  return connect(getConfig().database.sessionUrl, 1, {
    max_lifetime: null,
    // Undocumented. The driver's own `listen` uses it, but on a connection that is not available
    // for queries and is abandoned if it cannot be reopened immediately.
    ...({
      onnotify: (_channel: string, payload: string) => signals().dispatch(payload),
    } as object),
  });
}

/** The process's presence. */
export function presence(): Presence {
  return processSingleton('presence', () => new Presence(getConfig().instance));
}
