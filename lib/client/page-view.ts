/** Whether the page is looked at, and when that changes. */

export type PageView = {
  /** 'left': kept by the browser for "back", where nothing may go on. */
  state: () => 'visible' | 'hidden' | 'left';
  /** Calls back when the state may have changed, and when the network is back. */
  watch: (changed: () => void) => () => void;
};

let left = false;

export const pageView: PageView = {
  state: () => (left ? 'left' : document.visibilityState === 'visible' ? 'visible' : 'hidden'),
  watch(changed) {
    const leave = () => {
      left = true;
      changed();
    };
    const comeBack = () => {
      left = false;
      changed();
    };
    addEventListener('pagehide', leave);
    addEventListener('pageshow', comeBack);
    addEventListener('online', changed);
    document.addEventListener('visibilitychange', changed);
    return () => {
      removeEventListener('pagehide', leave);
      removeEventListener('pageshow', comeBack);
      removeEventListener('online', changed);
      document.removeEventListener('visibilitychange', changed);
    };
  },
};
