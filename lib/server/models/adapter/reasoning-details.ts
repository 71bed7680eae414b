/** Reads reasoning that streams as `reasoning_details` (OpenRouter, MiniMax). Pure. */

export type ReasoningDetailsReader = {
  /** @returns the new text of these entries. */
  push(details: unknown[]): string;
};

type Entry = { text: string; isCumulative: boolean | null };

/** Shorter prefixes may repeat by chance: "I", then "It". */
const MIN_SNAPSHOT_CHARS = 3;

/**
 * Some endpoints send the new text of an entry, others all of its text each time. An entry's second
 * text shows which: if it starts with everything before, it is a snapshot.
 */
export function createReasoningDetailsReader(): ReasoningDetailsReader {
  const entries = new Map<unknown, Entry>();

  function addedText(key: unknown, text: string): string {
    const entry = entries.get(key);
    if (!entry) {
      entries.set(key, { text, isCumulative: null });
      return text;
    }
    if (entry.isCumulative === false) return text;
    const isSnapshot = entry.text.length >= MIN_SNAPSHOT_CHARS && text.startsWith(entry.text);
    entry.isCumulative ??= isSnapshot;
    const added = isSnapshot ? text.slice(entry.text.length) : text;
    entry.text = text;
    return added;
  }

  return {
    push(details) {
      let added = '';
      for (const [position, detail] of details.entries()) {
        if (typeof detail !== 'object' || detail === null) continue;
        const { text, summary, index } = detail as Record<string, unknown>;
        const value = typeof text === 'string' ? text : summary;
        if (typeof value !== 'string' || value === '') continue;
        added += addedText(index ?? position, value.replaceAll('\0', ''));
      }
      return added;
    },
  };
}
