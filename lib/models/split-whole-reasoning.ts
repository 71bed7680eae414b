import type { LanguageModelV1Middleware } from 'ai';
import { createThinkSplitter, type ThinkPiece } from '@/lib/protocol/think-tags';
import { readChunk } from './adapter/chunk';

/** Thinking told from the text of an answer that is not streamed. */
export const splitWholeReasoning: LanguageModelV1Middleware = {
  async wrapGenerate({ doGenerate }) {
    const result = await doGenerate();
    const { text, thought } = splitWhole(result.text ?? '');
    const fromField = readChunk(result.rawResponse?.body)?.reasoning;
    return {
      ...result,
      text: result.text === undefined ? undefined : text,
      reasoning: fromField || thought || undefined,
    };
  },
};

/** Nothing has been shown yet, so what comes before a tag that only closes is thinking too. */
function splitWhole(whole: string): { text: string; thought: string } {
  const first = split(whole, false);
  const { pieces } = first.orphanClose ? split(whole, true) : first;
  return { text: join(pieces, 'text'), thought: join(pieces, 'reasoning') };
}

function split(whole: string, beginInside: boolean) {
  const splitter = createThinkSplitter({ beginInside });
  const pieces = [...splitter.push(whole), ...splitter.flush()];
  return { pieces, orphanClose: splitter.orphanClose };
}

function join(pieces: ThinkPiece[], type: ThinkPiece['type']): string {
  return pieces
    .filter((piece) => piece.type === type)
    .map((piece) => piece.text)
    .join('');
}
