import type { Identity } from '@/lib/server/account/identity';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** A session as the database has it. */
export type StoredSession = { identity: Identity; expiresAt: Date };

const MAX_SESSIONS = 10_000;

/**
 * Sessions that this process has read, so that most requests ask the database nothing. The database
 * announces every session that ends, to all processes (a trigger on `session`); lib/server hands that
 * on to `end`. Where announcements may be missed, sessions are believed for a moment only.
 */
export class SessionCache {
  /** For how many milliseconds a session is believed without another look; lib/server sets it. */
  maxAgeMs: () => number = () => 0;
  private readonly byToken = new Map<string, StoredSession & { readAt: number }>();
  private readonly tokens = new Map<string, string>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private endCount = 0;

  /**
   * Who has the session of this token: from memory, or else from `read`.
   * @throws what `read` throws
   */
  async find(
    token: string,
    read: (token: string) => Promise<StoredSession | null>,
  ): Promise<Identity | null> {
    const cached = this.byToken.get(token);
    if (cached && performance.now() - cached.readAt < this.maxAgeMs()) {
      if (cached.expiresAt.getTime() > Date.now()) return cached.identity;
    }
    const endCountBefore = this.endCount;
    const readAt = performance.now();
    const found = await read(token);
    if (!found) {
      if (cached) this.end([cached.identity.sessionId]);
      return null;
    }
    // A session that ended while it was being read must not be remembered.
    if (endCountBefore === this.endCount) this.remember(token, { ...found, readAt });
    return found.identity;
  }

  /** Forgets the sessions, and ends what was opened with them. */
  end(sessionIds: string[]): void {
    this.endCount += 1;
    for (const id of sessionIds) {
      this.byToken.delete(this.tokens.get(id) ?? '');
      this.tokens.delete(id);
      for (const listener of [...(this.listeners.get(id) ?? [])]) listener();
      this.listeners.delete(id);
    }
  }

  /** Forgets what was read: announcements may have been missed. */
  clear(): void {
    this.endCount += 1;
    this.byToken.clear();
    this.tokens.clear();
  }

  /** Calls the listener once, when the session ends. Returns what takes that back. */
  onEnd(sessionId: string, listener: () => void): () => void {
    const all = this.listeners.get(sessionId) ?? new Set();
    this.listeners.set(sessionId, all.add(listener));
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.listeners.get(sessionId) === all) this.listeners.delete(sessionId);
    };
  }

  /** The sessions that something is open with. */
  watchedSessionIds(): string[] {
    return [...this.listeners.keys()];
  }

  private remember(token: string, session: StoredSession & { readAt: number }): void {
    // Maps keep the order of insertion: the first one was read the longest ago.
    this.byToken.delete(token);
    const [oldest] = this.byToken.size >= MAX_SESSIONS ? this.byToken : [];
    if (oldest) {
      this.byToken.delete(oldest[0]);
      this.tokens.delete(oldest[1].identity.sessionId);
    }
    this.byToken.set(token, session);
    this.tokens.set(session.identity.sessionId, token);
  }
}

/** The process's sessions. */
export function sessionCache(): SessionCache {
  return processSingleton('sessionCache', () => new SessionCache());
}

/** What ends a stream when the session that opened it ends (`Until` of lib/server/runs/run-log). */
export function signOutTrigger({ sessionId }: Identity): (end: () => void) => () => void {
  return (end) => sessionCache().onEnd(sessionId, end);
}
