/**
 * How the processes on one database know who of them is alive.
 *
 * Each holds one connection that says "I am here" in two ways: an advisory lock, which Postgres frees
 * the moment the process dies, and a heartbeat, for the death that closes no connection (a frozen
 * machine, a cut network). The same connection listens for signals.
 */
import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import { getConfig } from '@/lib/config';
import { connect } from '@/lib/db/client';
import { logger } from '@/lib/logger';
import { processSingleton } from '@/lib/process';
import { SIGNAL_CHANNEL, signals } from '@/lib/runs/signals';

const BEAT_MS = 500;
/** Without a heartbeat for so long a process is dead, whatever its lock says. */
const LEASE_SECONDS = 10;
/**
 * Without its lock it is dead after this: a living one that lost just that connection has gone on
 * with its heartbeats on the next one by then.
 */
const LOCKLESS_SECONDS = 1.2;
/** Between two heartbeats of a healthy connection, at most. */
const GAP_MS = 2_000;
/** The first half of the locks' names; any constant that nothing else on the database uses. */
const LOCK_CLASS = 731_802;

export class Presence {
  /** This life of the process: what its runs name as their owner. */
  readonly id: string;
  private connection: Sql | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** The server's process behind the connection when the lock was taken on it. */
  private backend: number | undefined;
  /** Heartbeats that have reached the database. */
  beats = 0;
  private lastBeatAt = Number.NEGATIVE_INFINITY;
  /** Since when heartbeats have come without a gap, and when the last gap ended, if there was one. */
  private healthySince = Number.POSITIVE_INFINITY;
  private lastGapAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly name: string) {
    this.id = `${name}#${randomUUID()}`;
  }

  /** Resolves with the first heartbeat; others follow until `leave`. @throws what Postgres says */
  async arrive(): Promise<void> {
    await this.beat();
    const next = () => {
      this.timer = setTimeout(async () => {
        await this.beat().catch((error) => {
          logger.debug({ err: error }, 'A heartbeat did not reach the database');
        });
        if (this.timer) next();
      }, BEAT_MS);
      this.timer.unref();
    };
    next();
  }

  /** Ends the heartbeats and says goodbye, so that nobody looks for this process. */
  async leave(): Promise<void> {
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
      new Promise((resolve) => setTimeout(resolve, 500)),
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
    const askedAt = performance.now();
    const isHealthy = askedAt - this.lastBeatAt < GAP_MS;
    const heardOthers = isHealthy && askedAt - this.healthySince >= LEASE_SECONDS * 1000;
    const trustsLocks = isHealthy && askedAt - this.lastGapAt >= LEASE_SECONDS * 1000;
    const earlierLife = !atStart
      ? sql`false`
      : getConfig().database.embedded
        ? sql`true`
        : sql`name = ${this.name}`;
    const rows = await sql<Array<{ id: string }>>`
      select id from instance
      where id <> ${this.id} and (
        ${earlierLife}
        or (${heardOthers} and seen_at < now() - make_interval(secs => ${LEASE_SECONDS}))
        or (${trustsLocks} and seen_at < now() - make_interval(secs => ${LOCKLESS_SECONDS})
          and (seen_at > pg_postmaster_start_time()
            or pg_postmaster_start_time() < now() - make_interval(secs => ${LEASE_SECONDS}))
          and not exists (
            select 1 from pg_locks
            where locktype = 'advisory' and classid = ${LOCK_CLASS}
              and objid = (hashtext(instance.id)::bigint & 4294967295)::oid and objsubid = 2
              and database = (select oid from pg_database where datname = current_database()))))`;
    const isFresh = performance.now() - askedAt < GAP_MS;
    return isFresh || atStart ? rows.map(({ id }) => id) : [];
  }

  private async beat(): Promise<void> {
    this.connection ??= connectAlone();
    const sql = this.connection;
    const [row] = await sql<[{ backend: number }]>`
      insert into instance (id, name) values (${this.id}, ${this.name})
      on conflict (id) do update set seen_at = now()
      returning pg_backend_pid() as backend`;
    const isReconnected = this.backend !== undefined && row.backend !== this.backend;
    if (row.backend !== this.backend) {
      await sql`listen ${sql(SIGNAL_CHANNEL)}`;
      await sql`select pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${this.id}))`;
      this.backend = row.backend;
      signals().gap();
    }
    const now = performance.now();
    const isFirst = this.lastBeatAt === Number.NEGATIVE_INFINITY;
    const isLate = !isFirst && now - this.lastBeatAt > GAP_MS;
    if (isReconnected || isLate) this.lastGapAt = now;
    if (isReconnected || isLate || isFirst) this.healthySince = now;
    this.lastBeatAt = now;
    this.beats += 1;
  }
}

/** A single connection that stays, and hands on what it is notified of. */
function connectAlone(): Sql {
  return connect(getConfig().database.url, 1, {
    idle_timeout: undefined,
    max_lifetime: null,
    // Not among the driver's documented options; its own `listen` uses it, but on a connection that
    // nobody else can use and that is given up where it cannot be opened again at once.
    ...({
      onnotify: (_channel: string, payload: string) => signals().deliver(payload),
    } as object),
  });
}

/** The process's presence. */
export function presence(): Presence {
  return processSingleton('presence', () => new Presence(getConfig().instance));
}
