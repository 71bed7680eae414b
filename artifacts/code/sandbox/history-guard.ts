/** Prevents pages in a preview from adding entries to the tab's history. */
import { defineReadOnly, uncurryThis } from './native-functions';

/**
 * All frames of a tab share one history, of 50 entries in some browsers: a page that pushes more
 * would evict the app's entries, and each would need one more press of Back. Fragment navigations
 * by `location` still add entries: a script cannot prevent them in a frame with an opaque origin.
 */
export function preventHistoryEntries(scope: Window & typeof globalThis): void {
  const replaceState = uncurryThis(scope.History.prototype.replaceState);
  defineReadOnly(
    scope.History.prototype,
    'pushState',
    function pushState(this: History, state: unknown, unused: string, url?: string | URL | null) {
      // No spread: it would use the page's iterator.
      replaceState(this, state, unused, url);
    },
  );
}
