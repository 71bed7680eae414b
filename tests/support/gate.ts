/** A promise that a test resolves by `open`, to hold back work. */
export type Gate = { opened: Promise<void>; open: () => void };

export function createGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
