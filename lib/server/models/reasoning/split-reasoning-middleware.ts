import type { LanguageModelV1Middleware } from 'ai';
import { parseChunk } from '@/lib/server/models/adapter/parse-chunk';
import {
  type ContentSegment,
  createReasoningSplitter,
} from '@/lib/server/models/reasoning/reasoning-splitter';

/** Splits reasoning from the text of an answer that is not streamed. */
export const splitReasoningMiddleware: LanguageModelV1Middleware = {
  async wrapGenerate({ doGenerate }) {
    const result = await doGenerate();
    const { text, reasoning } = splitReasoning(result.text ?? '');
    const fromField = parseChunk(result.rawResponse?.body)?.reasoning;
    return {
      ...result,
      text: result.text === undefined ? undefined : text,
      reasoning: fromField || reasoning || undefined,
    };
  },
};

/** Nothing has been delivered yet, so text before an unmatched closing marker is reasoning too. */
function splitReasoning(fullText: string): { text: string; reasoning: string } {
  const first = split(fullText, false);
  const { segments } = first.hasUnmatchedClosing ? split(fullText, true) : first;
  return { text: join(segments, 'text'), reasoning: join(segments, 'reasoning') };
}

function split(fullText: string, startsInReasoning: boolean) {
  const splitter = createReasoningSplitter({ startsInReasoning });
  const segments = [...splitter.push(fullText), ...splitter.flush()];
  return { segments, hasUnmatchedClosing: splitter.hasUnmatchedClosing };
}

function join(segments: ContentSegment[], type: ContentSegment['type']): string {
  return segments
    .filter((segment) => segment.type === type)
    .map((segment) => segment.text)
    .join('');
}
