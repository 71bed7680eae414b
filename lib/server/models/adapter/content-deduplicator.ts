/** What of a stream's chunks is new: endpoints repeat text in snapshots and in a last whole message. Pure. */
import type { ParsedChunk } from './parse-chunk';
import { createReasoningDetailsReader } from './reasoning-details';

export type Content = Pick<ParsedChunk, 'reasoning' | 'text' | 'toolCalls'>;

export type ContentDeduplicator = {
  /** @returns the content of these pieces that no earlier ones had. */
  push(chunk: ParsedChunk): Content;
  /** A whole message came, so that nothing is missing even without a finish reason. */
  readonly hasFullMessage: boolean;
};

/** Shorter beginnings may repeat by chance: "I", then "It". */
const MIN_SNAPSHOT_CHARS = 3;
/** An answer that says itself twice is not the model's own, unless it is about as short as this. */
const MIN_REPEATED_CHARS = 20;

export function createContentDeduplicator(): ContentDeduplicator {
  const details = createReasoningDetailsReader();
  let text = '';
  let reasoning = '';
  let hasCalls = false;
  let deltaCount = 0;
  let messageCount = 0;

  /** Some servers stream by messages that hold a piece, or all so far, instead of deltas. */
  function newSuffix(previous: string, content: string): string {
    const repeats = content.startsWith(previous);
    if (repeats && (deltaCount > 0 || previous.length >= MIN_SNAPSHOT_CHARS)) {
      return content.slice(previous.length);
    }
    return deltaCount > 0 && previous !== '' ? '' : content;
  }

  /** Some servers end with a delta that holds the whole text. */
  function isFullRepeat(content: string): boolean {
    return deltaCount > 1 && content.length >= MIN_REPEATED_CHARS && content === text;
  }

  return {
    push(chunk) {
      const content = {
        reasoning: chunk.reasoning || details.push(chunk.reasoningDetails),
        text: chunk.text,
        toolCalls: chunk.toolCalls,
      };
      if (chunk.isFullMessage) {
        messageCount += 1;
        content.text = newSuffix(text, content.text);
        content.reasoning = newSuffix(reasoning, content.reasoning);
        if (deltaCount > 0 && hasCalls) content.toolCalls = [];
      } else if (chunk.finishReason && isFullRepeat(content.text)) {
        content.text = '';
      } else if (content.text || content.reasoning || content.toolCalls.length > 0) {
        deltaCount += 1;
      }
      text += content.text;
      reasoning += content.reasoning;
      hasCalls ||= content.toolCalls.length > 0;
      return content;
    },
    get hasFullMessage() {
      return messageCount > 0 && (deltaCount > 0 || messageCount === 1);
    },
  };
}
