/** Syntax highlighting of code in a worker, which starts with the first code block. */
import { BoundedMap } from '@/lib/client/browser/bounded-map';
import { createWorkerClient } from '@/lib/client/browser/worker-client';
import type {
  HighlightRequest,
  HighlightResponse,
  Token,
} from '@/lib/client/markdown/highlight.worker';
import { resolveLanguage } from '@/lib/client/markdown/languages';

/** Longer code is not highlighted: tens of thousands of tokens would make the page slow. */
const MAX_CHARS = 40_000;
const MAX_CACHED = 100;

const cache = new BoundedMap<string, Token[][]>(MAX_CACHED);
const requestHighlight = createWorkerClient<HighlightRequest, HighlightResponse>(
  () => new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' }),
);

/**
 * Returns the code as lines of colored tokens; undefined if the code is too long or its language
 * unknown.
 */
export async function highlight(name: string, code: string): Promise<Token[][] | undefined> {
  const language = code.length <= MAX_CHARS ? resolveLanguage(name) : undefined;
  if (!language) return undefined;
  const key = `${language}\n${code}`;
  const known = cache.get(key);
  if (known) return known;
  const { lines } = await requestHighlight({ language, code });
  if (!lines) return undefined;
  cache.set(key, lines);
  return lines;
}
