/** In-memory localStorage for tests without a browser. */
export function memoryStorage(): Storage {
  const items: Record<string, string> = Object.create({
    getItem: (key: string) => items[key] ?? null,
    setItem: (key: string, value: string) => {
      items[key] = value;
    },
    removeItem: (key: string) => {
      delete items[key];
    },
  });
  return items as unknown as Storage;
}
