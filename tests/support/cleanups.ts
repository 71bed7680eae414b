type Cleanup = () => unknown;

/** Collects what a test file or a test must undo. */
export function createCleanups(): {
  add: (...cleanups: Cleanup[]) => void;
  /**
   * Runs all cleanups, the last one first, and forgets them.
   * @throws the first error, after all of them ran
   */
  run: () => Promise<void>;
} {
  const cleanups: Cleanup[] = [];
  return {
    add: (...added) => void cleanups.push(...added),
    async run() {
      const errors: unknown[] = [];
      for (const cleanup of cleanups.splice(0).reverse()) {
        try {
          await cleanup();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
