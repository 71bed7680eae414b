/** Keeps a page in a preview out of the history of the tab. */
import { defineReadOnly, uncurryThis } from './native-functions';

/**
 * The tab has one history for all its frames, of 50 entries in some browsers: a page that pushes more
 * would take the user's own away, and each would be one more press of Back. Fragments that a page goes
 * to by `location` are still entries: no script can refuse them in a frame without an origin.
 */
export function preventHistoryEntries(scope: Window & typeof globalThis): void {
  const replaceState = uncurryThis(scope.History.prototype.replaceState);
  defineReadOnly(
    scope.History.prototype,
    'pushState',
    function pushState(this: History, state: unknown, unused: string, url?: string | URL | null) {
      // Not by a spread: it would ask the iterator of the page.
      replaceState(this, state, unused, url);
    },
  );
}
