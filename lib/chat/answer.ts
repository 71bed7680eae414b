import { createDataStream, streamText } from 'ai';
import { systemPrompt, toCoreMessages } from '@/lib/chat/prompt';
import type { AppError } from '@/lib/errors';
import { goOnOptions, type ResolvedModel, toAppError } from '@/lib/models';
import type { MessagePart } from '@/lib/protocol/messages';
import type { LiveRun } from '@/lib/runs/live-run';
import type { RunSource } from '@/lib/runs/start';
import { toolOptions } from '@/lib/tools';

/** Rounds of tool calls in one answer, at most. */
const MAX_STEPS = 5;

type Question = {
  model: ResolvedModel;
  /** The branch that is answered, oldest first. */
  messages: Array<{ role: 'user' | 'assistant'; parts: MessagePart[] }>;
  /** What there is of the answer already, where one is gone on with. */
  goesOn: MessagePart[] | null;
  systemPrompt: string | null;
};

/** Asks the model, and gives what it says as the source of the run. */
export function answer(run: LiveRun, question: Question): RunSource {
  let failure: AppError | undefined;
  const stream = createDataStream({
    execute: (dataStream) => {
      const { model, info } = question.model;
      const { messages, goesOn } = question;
      const { tools: hasTools } = info.capabilities;
      const result = streamText({
        model,
        system: systemPrompt(question.systemPrompt, new Date(), { tools: hasTools }),
        messages: toCoreMessages(
          goesOn ? [...messages, { role: 'assistant', parts: goesOn }] : messages,
        ),
        ...(goesOn && goOnOptions(goesOn)),
        maxSteps: MAX_STEPS,
        // The upstream adapter retries, before the first token, and can be stopped while it waits.
        maxRetries: 0,
        abortSignal: run.signal,
        ...toolOptions({ run, dataStream, model: question.model }, info.capabilities),
        toolCallStreaming: true,
        // All steps are one message to useChat only if they bear one id.
        experimental_generateMessageId: () => run.row.messageId,
      });
      // No consumeStream(): the run reads this stream to its end whoever else does, and the
      // second branch of a tee would cost a quarter more CPU a token.
      result.mergeIntoDataStream(dataStream, { sendReasoning: true });
    },
    onError: (error) => {
      const reason = toAppError(error);
      failure = reason;
      return reason.message;
    },
  });
  return { stream, failure: () => failure, mayBeEmpty: question.goesOn !== null };
}
