import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { findOccurrences } from '@/lib/server/documents/find-occurrences';
import { parseJsonWithin } from '@/lib/server/limits/json-limits';

const MAX_CHARS = 10_000;
/**
 * Maximum characters of a proposal's JSON, where each character may be escaped. Longer objects are
 * skipped.
 */
const MAX_OBJECT_CHARS = 12 * MAX_CHARS + 4_000;
const JSON_LIMITS = { depth: 16, values: 1_000 };

const proposal = z.object({
  original: z.string().min(1).max(MAX_CHARS),
  suggested: z.string().max(MAX_CHARS),
  description: z
    .string()
    .catch('')
    .transform((text) => text.slice(0, 500)),
});

type Proposal = z.infer<typeof proposal>;

/**
 * Yields the proposals in a model's output as they arrive. The expected format is one object per
 * line. Lists, fences, commas and words around the objects are ignored, and so are proposals that
 * do not quote the content or change nothing.
 */
export async function* parseSuggestions(
  chunks: AsyncIterable<string>,
  content: string,
): AsyncGenerator<Proposal> {
  const seen = new Set<string>();
  for await (const text of extractJsonObjects(chunks)) {
    const result = proposal.safeParse(parseObject(text));
    if (!result.success) continue;
    const { original, suggested } = result.data;
    if (original === suggested || seen.has(original)) continue;
    // Yield to the event loop: a model may write many proposals at once.
    await setImmediate();
    if (findOccurrences(content, original, 1).length === 0) continue;
    seen.add(original);
    yield result.data;
  }
}

/** Yields the text of every outermost `{…}`, whatever is between them. */
async function* extractJsonObjects(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let object = '';
  let depth = 0;
  let inString = false;
  let escaped = false;
  for await (const chunk of chunks) {
    for (const char of chunk) {
      if (depth > 0) object += char;
      if (object.length > MAX_OBJECT_CHARS)
        [object, inString, escaped, depth] = ['', false, false, 0];
      if (escaped) escaped = false;
      else if (inString) {
        if (char === '\\') escaped = true;
        else if (char === '"') inString = false;
        // JSON strings contain no raw line break: this object is broken, but the next one may be
        // valid.
        else if (char === '\n') [inString, depth] = [false, 0];
      } else if (char === '"') inString = depth > 0;
      else if (char === '{') {
        if (depth++ === 0) object = '{';
      } else if (char === '}' && depth > 0 && --depth === 0) yield object;
    }
  }
}

function parseObject(text: string): unknown {
  try {
    return parseJsonWithin(text, JSON_LIMITS);
  } catch {
    return undefined;
  }
}
