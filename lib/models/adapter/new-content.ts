/** What of a stream's chunks is new: endpoints repeat text in snapshots and in a last whole message. Pure. */
import type { ChunkPieces } from './chunk';
import { createReasoningDetailsReader } from './reasoning-details';

export type Content = Pick<ChunkPieces, 'reasoning' | 'text' | 'toolCalls'>;

export type NewContent = {
  /** @returns the content of these pieces that no earlier ones had. */
  take(pieces: ChunkPieces): Content;
  /** A whole message came, so that nothing is missing even without a finish reason. */
  readonly isWhole: boolean;
};

/** Shorter beginnings may repeat by chance: "I", then "It". */
const MIN_SNAPSHOT_CHARS = 3;
/** An answer that says itself twice is not the model's own, unless it is about as short as this. */
const MIN_REPEATED_CHARS = 20;

export function createNewContent(): NewContent {
  const details = createReasoningDetailsReader();
  let text = '';
  let reasoning = '';
  let hasCalls = false;
  let deltas = 0;
  let messages = 0;

  /** Some servers stream by messages that hold a piece, or all so far, instead of deltas. */
  function beyond(before: string, given: string): string {
    const repeats = given.startsWith(before);
    if (repeats && (deltas > 0 || before.length >= MIN_SNAPSHOT_CHARS)) {
      return given.slice(before.length);
    }
    return deltas > 0 && before !== '' ? '' : given;
  }

  /** Some servers end with a delta that holds the whole text. */
  function repeatsAll(given: string): boolean {
    return deltas > 1 && given.length >= MIN_REPEATED_CHARS && given === text;
  }

  return {
    take(pieces) {
      const content = {
        reasoning: pieces.reasoning || details.push(pieces.reasoningDetails),
        text: pieces.text,
        toolCalls: pieces.toolCalls,
      };
      if (pieces.whole) {
        messages += 1;
        content.text = beyond(text, content.text);
        content.reasoning = beyond(reasoning, content.reasoning);
        if (deltas > 0 && hasCalls) content.toolCalls = [];
      } else if (pieces.finishReason && repeatsAll(content.text)) {
        content.text = '';
      } else if (content.text || content.reasoning || content.toolCalls.length > 0) {
        deltas += 1;
      }
      text += content.text;
      reasoning += content.reasoning;
      hasCalls ||= content.toolCalls.length > 0;
      return content;
    },
    get isWhole() {
      return messages > 0 && (deltas > 0 || messages === 1);
    },
  };
}
