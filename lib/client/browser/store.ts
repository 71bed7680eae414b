'use client';

import { useSyncExternalStore } from 'react';

/** State outside React, for one or more components. */
export type Store<T> = {
  getState: () => T;
  /** The state at creation. Hydration renders it, because the server did. */
  getInitialState: () => T;
  setState: (state: T) => void;
  /** Calls the listener after each `setState`. Returns an unsubscribe function. */
  subscribe: (listener: () => void) => () => void;
};

export function createStore<T>(initialState: T): Store<T> {
  let state = initialState;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    getInitialState: () => initialState,
    setState(next) {
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Returns the store's state, or what `select` reads from it; re-renders when that changes. `select`
 * must return a primitive value or a part of the state.
 */
export function useStore<T, S = T>(
  store: Omit<Store<T>, 'setState'>,
  select: (state: T) => S = (state) => state as unknown as S,
): S {
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.getState()),
    () => select(store.getInitialState()),
  );
}
