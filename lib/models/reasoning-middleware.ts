import type { LanguageModelV1Middleware, LanguageModelV1StreamPart } from 'ai';
import { createThinkSplitter, type ThinkPiece } from '@/lib/protocol/think-tags';
import { readEncodedError, readMarked } from './adapter/frames';

/** What is known of how a model thinks; kept as long as the process. */
export type ThinkingHabit = {
  /** Its prompt template opens the tag, so that its answers begin inside the thinking. */
  beginsInside: boolean;
};

/**
 * Thinking as `reasoning` parts, whether the endpoint sends it in a field of its own or between tags
 * in the text; and the adapter's errors as AppErrors.
 */
export function reasoningMiddleware(habit: ThinkingHabit): LanguageModelV1Middleware {
  return {
    async wrapStream({ doStream }) {
      const { stream, ...rest } = await doStream();
      return { stream: stream.pipeThrough(splitReasoning(habit)), ...rest };
    },
    async wrapGenerate({ doGenerate }) {
      const result = await doGenerate();
      const splitter = createThinkSplitter();
      const pieces = [...splitter.push(result.text ?? ''), ...splitter.flush()];
      const thought = join(pieces, 'reasoning');
      return {
        ...result,
        text: result.text === undefined ? undefined : afterOrphan(pieces, splitter.orphanClose),
        reasoning: result.reasoning ?? (thought || undefined),
      };
    },
  };
}

function join(pieces: ThinkPiece[], type: ThinkPiece['type']): string {
  return pieces
    .filter((piece) => piece.type === type)
    .map((piece) => piece.text)
    .join('');
}

/** In a whole answer nothing has been shown yet: what came before an orphaned tag is thinking. */
function afterOrphan(pieces: ThinkPiece[], orphanClose: boolean): string {
  return orphanClose ? (pieces.at(-1)?.text ?? '') : join(pieces, 'text');
}

function splitReasoning(
  habit: ThinkingHabit,
): TransformStream<LanguageModelV1StreamPart, LanguageModelV1StreamPart> {
  let splitter = createThinkSplitter({ beginInside: habit.beginsInside });
  let sawField = false;

  function enqueue(
    controller: TransformStreamDefaultController<LanguageModelV1StreamPart>,
    pieces: ThinkPiece[],
  ): void {
    for (const { type, text } of pieces) {
      controller.enqueue({ type: type === 'text' ? 'text-delta' : 'reasoning', textDelta: text });
    }
  }

  function end(controller: TransformStreamDefaultController<LanguageModelV1StreamPart>): void {
    enqueue(controller, splitter.flush());
    if (splitter.orphanClose) habit.beginsInside = true;
    else if (splitter.wrongBegin) habit.beginsInside = false;
  }

  return new TransformStream({
    transform(part, controller) {
      if (part.type === 'text-delta') {
        const { kind, text } = readMarked(part.textDelta);
        if (kind === 'text') return enqueue(controller, splitter.push(text));
        if (!sawField) {
          // The endpoint tells thinking apart itself: its text holds no thinking to begin inside of.
          sawField = true;
          habit.beginsInside = false;
          splitter = createThinkSplitter();
        }
        controller.enqueue({ type: 'reasoning', textDelta: text });
      } else if (part.type === 'error') {
        end(controller);
        controller.enqueue({ type: 'error', error: readEncodedError(part.error) ?? part.error });
      } else {
        if (part.type === 'finish') end(controller);
        controller.enqueue(part);
      }
    },
  });
}
