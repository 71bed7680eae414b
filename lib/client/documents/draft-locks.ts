/**
 * Web Locks that show which drafts belong to an editor that is still open, in any window of the
 * browser. The browser releases the locks of a page that is closed or has crashed. Only secure
 * contexts (HTTPS or localhost) have Web Locks; without them every draft counts as abandoned.
 */

/** Releases the locks of this page, by the storage key of the draft. */
const releases = new Map<string, () => void>();

/** Without the user: their drafts get other keys when a guest signs in. */
const lockName = (draftKey: string) =>
  `throughline.document-draft.${draftKey.split('.').slice(-2).join('.')}`;

function lockManager(): LockManager | undefined {
  return typeof navigator === 'undefined' ? undefined : navigator.locks;
}

/** Locks a draft for this page until `releaseDraft`. */
export function lockDraft(draftKey: string): void {
  const locks = lockManager();
  if (!locks || releases.has(draftKey)) return;
  const released = new Promise<void>((resolve) => releases.set(draftKey, resolve));
  // Rejects if the page is being unloaded, or storage is blocked.
  locks.request(lockName(draftKey), () => released).catch(() => {});
}

export function releaseDraft(draftKey: string): void {
  releases.get(draftKey)?.();
  releases.delete(draftKey);
}

/**
 * Runs `action` unless another page has locked the draft, which no page can lock meanwhile.
 * @returns the result of `action`; undefined if it did not run
 */
export async function ifAbandoned<Result>(
  draftKey: string,
  action: () => Promise<Result>,
): Promise<Result | undefined> {
  const locks = lockManager();
  // The lock of this page does not count: its earlier editor of the document is closed.
  if (!locks || releases.has(draftKey)) return await action();
  return await locks.request(lockName(draftKey), { ifAvailable: true }, async (lock) =>
    lock ? await action() : undefined,
  );
}

/**
 * Runs `action` when the page that has locked the draft releases it or is gone.
 * @throws AbortError if `signal` aborts first
 */
export async function onceAbandoned(
  draftKey: string,
  signal: AbortSignal,
  action: () => Promise<void>,
): Promise<void> {
  await lockManager()?.request(lockName(draftKey), { signal }, action);
}
