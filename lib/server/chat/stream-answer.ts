import { createDataStream, streamText } from 'ai';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import type { AppError } from '@/lib/protocol/errors';
import type { MessagePart } from '@/lib/protocol/messages';
import type { PersonalSettings } from '@/lib/protocol/user-settings';
import { systemPrompt, toCoreMessages } from '@/lib/server/chat/prompt';
import { ReasoningTimer } from '@/lib/server/chat/reasoning-timer';
import { continuationOptions, type ResolvedModel, toAppError } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';
import type { RunSource } from '@/lib/server/runs/start-run';
import { TOOL_INSTRUCTIONS, toolOptions } from '@/tools/registry/server/tool-options';

/** Maximum number of model requests per answer; each but the last ends in tool calls. */
const MAX_STEPS = 5;

type AnswerRequest = {
  model: ResolvedModel;
  /** The branch to answer, oldest message first. */
  messages: Array<{ role: 'user' | 'assistant'; parts: MessagePart[] }>;
  /** Parts of the partial answer to continue; null for a new answer. */
  continueFrom: MessagePart[] | null;
  settings: ChatSettings;
  personal: PersonalSettings;
  /** IANA name sent by the user's browser, unvalidated. */
  timeZone: string | undefined;
};

/** Requests the answer from the model and returns its stream as the run's source. */
export function streamAnswer(run: LiveRun, request: AnswerRequest): RunSource {
  let failure: AppError | undefined;
  const stream = createDataStream({
    execute: (dataStream) => {
      const { model, info } = request.model;
      const { messages, settings, personal, continueFrom } = request;
      const { tools: hasTools } = info.capabilities;
      const reasoningTimer = new ReasoningTimer(countReasoningParts(continueFrom), (duration) =>
        dataStream.writeMessageAnnotation(duration),
      );
      const result = streamText({
        model,
        system: systemPrompt(
          settings,
          personal,
          { now: new Date(), timeZone: request.timeZone },
          hasTools ? TOOL_INSTRUCTIONS : null,
        ),
        messages: toCoreMessages(
          continueFrom ? [...messages, { role: 'assistant', parts: continueFrom }] : messages,
        ),
        ...(continueFrom && continuationOptions(continueFrom)),
        maxSteps: MAX_STEPS,
        // The model adapter retries itself, before the first token, and can be stopped while it
        // waits.
        maxRetries: 0,
        abortSignal: run.signal,
        ...toolOptions(
          { run, dataStream, model: request.model, settings, personal },
          info.capabilities,
        ),
        toolCallStreaming: true,
        onChunk: ({ chunk }) => reasoningTimer.onChunk(chunk.type),
        onStepFinish: () => reasoningTimer.onStepFinish(),
        // useChat treats all steps as one message only if they have the same id.
        experimental_generateMessageId: () => run.row.messageId,
      });
      // No consumeStream(): the run reads this stream to its end even without other readers.
      withSingleReader(result).mergeIntoDataStream(dataStream, { sendReasoning: true });
    },
    onError: (error) => {
      const appError = toAppError(error);
      failure = appError;
      return appError.message;
    },
  });
  return { stream, failure: () => failure, allowEmpty: request.continueFrom !== null };
}

function countReasoningParts(continueFrom: MessagePart[] | null): number {
  return continueFrom?.filter(({ type }) => type === 'reasoning').length ?? 0;
}

/**
 * Replaces the result's stream with one for a single reader. The SDK tees it for each reader and
 * keeps the other branch for the next one; nothing reads that, so it would buffer the whole answer.
 * The SDK also adds two transform stages, each of which costs time on every start and every frame.
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
