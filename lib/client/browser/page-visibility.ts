/** The page's visibility, with a subscription to its changes. */

export type PageVisibility = {
  /** 'frozen': in the back/forward cache, where no connection may stay open. */
  state: () => 'visible' | 'hidden' | 'frozen';
  /** Calls the listener when the state may have changed and when the network is back. */
  subscribe: (listener: () => void) => () => void;
};

let isFrozen = false;

export const pageVisibility: PageVisibility = {
  state: () =>
    isFrozen ? 'frozen' : document.visibilityState === 'visible' ? 'visible' : 'hidden',
  subscribe(listener) {
    const onPageHide = () => {
      isFrozen = true;
      listener();
    };
    const onPageShow = () => {
      isFrozen = false;
      listener();
    };
    addEventListener('pagehide', onPageHide);
    addEventListener('pageshow', onPageShow);
    addEventListener('online', listener);
    document.addEventListener('visibilitychange', listener);
    return () => {
      removeEventListener('pagehide', onPageHide);
      removeEventListener('pageshow', onPageShow);
      removeEventListener('online', listener);
      document.removeEventListener('visibilitychange', listener);
    };
  },
};
