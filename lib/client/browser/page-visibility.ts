/** Whether the page is looked at, and when that changes. */

export type PageVisibility = {
  /** 'left': kept by the browser for "back", where nothing may go on. */
  state: () => 'visible' | 'hidden' | 'left';
  /** Calls back when the state may have changed, and when the network is back. */
  subscribe: (listener: () => void) => () => void;
};

let isFrozen = false;

export const pageVisibility: PageVisibility = {
  state: () => (isFrozen ? 'left' : document.visibilityState === 'visible' ? 'visible' : 'hidden'),
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
