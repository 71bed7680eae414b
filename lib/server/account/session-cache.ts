import type { Identity } from '@/lib/server/account/identity';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** A session as stored in the database. */
export type StoredSession = { identity: Identity; expiresAt: Date };

const MAX_SESSIONS = 10_000;

/**
 * Caches the sessions this process has read, so that most requests cost no query. A trigger on the
 * `session` table notifies all processes of every ended session; lib/server/lifecycle passes these
 * notifications on to `end`. While notifications may be missed, cached sessions expire after a
 * short time.
 */
export class SessionCache {
  /** Milliseconds for which a cached session is trusted; set by lib/server/lifecycle. */
  maxAgeMs: () => number = () => 0;
  private readonly byToken = new Map<string, StoredSession & { readAt: number }>();
  private readonly tokens = new Map<string, string>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private endCount = 0;

  /**
   * Returns the identity of the token's session, from the cache or else from `read`.
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
    // A session that ended while it was being read must not be cached.
    if (endCountBefore === this.endCount) this.remember(token, { ...found, readAt });
    return found.identity;
  }

  /** Removes the sessions from the cache and calls their listeners, which close open streams. */
  end(sessionIds: string[]): void {
    this.endCount += 1;
    for (const id of sessionIds) {
      this.byToken.delete(this.tokens.get(id) ?? '');
      this.tokens.delete(id);
      for (const listener of [...(this.listeners.get(id) ?? [])]) listener();
      this.listeners.delete(id);
    }
  }

  /** Clears the cache, because notifications may have been missed. */
  clear(): void {
    this.endCount += 1;
    this.byToken.clear();
    this.tokens.clear();
  }

  /** Calls the listener once, when the session ends. Returns an unsubscribe function. */
  onEnd(sessionId: string, listener: () => void): () => void {
    const all = this.listeners.get(sessionId) ?? new Set();
    this.listeners.set(sessionId, all.add(listener));
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.listeners.get(sessionId) === all) this.listeners.delete(sessionId);
    };
  }

  /** Ids of the sessions that have listeners. */
  watchedSessionIds(): string[] {
    return [...this.listeners.keys()];
  }

  private remember(token: string, session: StoredSession & { readAt: number }): void {
    // Maps keep insertion order: the first entry was read least recently.
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

/** Returns this process's session cache. */
export function sessionCache(): SessionCache {
  return processSingleton('sessionCache', () => new SessionCache());
}

/** Returns an end trigger that ends a stream when the session that opened it ends. */
export function signOutTrigger({ sessionId }: Identity): (end: () => void) => () => void {
  return (end) => sessionCache().onEnd(sessionId, end);
}
