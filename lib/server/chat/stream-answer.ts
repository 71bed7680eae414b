import { createDataStream, streamText } from 'ai';
import type { AppError } from '@/lib/protocol/errors';
import type { MessagePart } from '@/lib/protocol/messages';
import { systemPrompt, toCoreMessages } from '@/lib/server/chat/prompt';
import { ReasoningTimer } from '@/lib/server/chat/reasoning-timer';
import { goOnOptions, type ResolvedModel, toAppError } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';
import type { RunSource } from '@/lib/server/runs/start-run';
import { toolOptions } from '@/tools/registry/server/tool-options';

/** Rounds of tool calls in one answer, at most. */
const MAX_STEPS = 5;

type AnswerRequest = {
  model: ResolvedModel;
  /** The branch that is answered, oldest first. */
  messages: Array<{ role: 'user' | 'assistant'; parts: MessagePart[] }>;
  /** What there is of the answer already, where one is gone on with. */
  continueFrom: MessagePart[] | null;
  systemPrompt: string | null;
  /** As the user's browser names it, unchecked. */
  timeZone: string | undefined;
};

/** Asks the model, and gives what it says as the source of the run. */
export function streamAnswer(run: LiveRun, question: AnswerRequest): RunSource {
  let failure: AppError | undefined;
  const stream = createDataStream({
    execute: (dataStream) => {
      const { model, info } = question.model;
      const { messages, continueFrom } = question;
      const { tools: hasTools } = info.capabilities;
      const reasoningTimer = new ReasoningTimer(countReasoningParts(continueFrom), (duration) =>
        dataStream.writeMessageAnnotation(duration),
      );
      const result = streamText({
        model,
        system: systemPrompt(
          question.systemPrompt,
          { now: new Date(), timeZone: question.timeZone },
          { tools: hasTools },
        ),
        messages: toCoreMessages(
          continueFrom ? [...messages, { role: 'assistant', parts: continueFrom }] : messages,
        ),
        ...(continueFrom && goOnOptions(continueFrom)),
        maxSteps: MAX_STEPS,
        // The upstream adapter retries, before the first token, and can be stopped while it waits.
        maxRetries: 0,
        abortSignal: run.signal,
        ...toolOptions({ run, dataStream, model: question.model }, info.capabilities),
        toolCallStreaming: true,
        onChunk: ({ chunk }) => reasoningTimer.onChunk(chunk.type),
        onStepFinish: () => reasoningTimer.onStepFinish(),
        // All steps are one message to useChat only if they bear one id.
        experimental_generateMessageId: () => run.row.messageId,
      });
      // No consumeStream(): the run reads this stream to its end whoever else does.
      withSingleReader(result).mergeIntoDataStream(dataStream, { sendReasoning: true });
    },
    onError: (error) => {
      const appError = toAppError(error);
      failure = appError;
      return appError.message;
    },
  });
  return { stream, failure: () => failure, allowEmpty: question.continueFrom !== null };
}

function countReasoningParts(continueFrom: MessagePart[] | null): number {
  return continueFrom?.filter(({ type }) => type === 'reasoning').length ?? 0;
}

/**
 * The result for a single reader. The SDK gives each reader one branch of a tee and keeps the other
 * for the next one; nobody reads that, so it would hold the whole answer until its end. It also adds
 * two stages of its own; each stage costs every start and every frame.
 */
function withSingleReader<T extends object>(result: T): T {
  // A private field of ai 4.3.
  const { baseStream } = result as unknown as { baseStream: ReadableStream<{ part: unknown }> };
  const reader = baseStream.getReader();
  const parts = new ReadableStream<unknown>(
    {
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value.part);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return Object.defineProperty(result, 'fullStream', { value: parts });
}
