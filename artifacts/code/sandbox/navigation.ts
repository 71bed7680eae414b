/** Keeps a page in a preview where it is, and out of the history of the tab. */
import { define, getterOf, uncurried } from './natives';
import type { Refuse } from './no-frames';

/**
 * The tab has one history for all its frames, of 50 entries in some browsers: a page that pushes more
 * would take the user's own away, and each would be one more press of Back. Call it when the page
 * begins to be written.
 */
export function stayHere(scope: Window & typeof globalThis, refuse: Refuse): void {
  const replaceState = uncurried(scope.History.prototype.replaceState);
  define(
    scope.History.prototype,
    'pushState',
    function pushState(this: History, state: unknown, unused: string, url?: string | URL | null) {
      // Not by a spread: it would ask the iterator of the page.
      replaceState(this, state, unused, url);
    },
  );
  // Not every browser has it yet. Where there is none, the policy of the app refuses to load anything.
  const { navigation } = scope;
  if (!navigation) return;
  const isCancelable = getterOf(scope.Event.prototype, 'cancelable');
  const typeOf = getterOf(scope.NavigateEvent.prototype, 'navigationType');
  const destinationOf = getterOf(scope.NavigateEvent.prototype, 'destination');
  const isSameDocument = getterOf(scope.NavigationDestination.prototype, 'sameDocument');
  const urlOf = getterOf(scope.NavigationDestination.prototype, 'url');
  const cancel = uncurried(scope.Event.prototype.preventDefault);
  const { location } = scope;
  const goTo = location.replace.bind(location);
  navigation.addEventListener('navigate', (event) => {
    const destination = destinationOf(event);
    if (!isCancelable(event)) return;
    if (!isSameDocument(destination)) {
      cancel(event);
      refuse('link');
    } else if (typeOf(event) === 'push') {
      cancel(event);
      goTo(urlOf(destination));
    }
  });
}
