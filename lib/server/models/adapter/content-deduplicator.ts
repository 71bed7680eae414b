/**
 * Filters repeated content out of a stream's chunks: endpoints repeat text in snapshots and in a
 * final full message. No I/O.
 */
import type { ParsedChunk } from './parse-chunk';
import { createReasoningDetailsReader } from './reasoning-details';

export type Content = Pick<ParsedChunk, 'reasoning' | 'text' | 'toolCalls'>;

export type ContentDeduplicator = {
  /** @returns the content of this chunk that earlier chunks did not have. */
  push(chunk: ParsedChunk): Content;
  /** A full message arrived, so nothing is missing even without a finish reason. */
  readonly hasFullMessage: boolean;
};

/** Shorter prefixes may repeat by chance: "I", then "It". */
const MIN_SNAPSHOT_CHARS = 3;
/** Longer text that repeats the whole answer is a repetition by the server, not by the model. */
const MIN_REPEATED_CHARS = 20;

export function createContentDeduplicator(): ContentDeduplicator {
  const details = createReasoningDetailsReader();
  let text = '';
  let reasoning = '';
  let hasCalls = false;
  let deltaCount = 0;
  let messageCount = 0;

  /**
   * The new part of a full message: some servers stream messages instead of deltas, each with one
   * chunk or with everything so far.
   */
  function newSuffix(previous: string, content: string): string {
    const repeats = content.startsWith(previous);
    if (repeats && (deltaCount > 0 || previous.length >= MIN_SNAPSHOT_CHARS)) {
      return content.slice(previous.length);
    }
    return deltaCount > 0 && previous !== '' ? '' : content;
  }

  /** Whether a final delta repeats the whole text, as some servers send it. */
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
