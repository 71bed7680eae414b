type Cleanup = () => unknown;

/** Collects what a test file or a test must undo. */
export function createCleanups(): {
  add: (...cleanups: Cleanup[]) => void;
  /** Runs all cleanups, the last one first, and forgets them. */
  run: () => Promise<void>;
} {
  const cleanups: Cleanup[] = [];
  return {
    add: (...added) => void cleanups.push(...added),
    async run() {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    },
  };
}
