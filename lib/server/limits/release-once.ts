/** Returns a function that calls `release` at its first call only. */
export function releaseOnce(release: () => void): () => void {
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    release();
  };
}
