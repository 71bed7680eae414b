import { randomUUID } from 'node:crypto';
import type {
  LanguageModelV1CallOptions,
  LanguageModelV1Middleware,
  LanguageModelV1StreamPart,
} from 'ai';

/**
 * Replaces tool call ids that the conversation already uses. Some endpoints number their calls from
 * the start in every answer, and equal ids would merge two calls.
 */
export const uniqueCallIds: LanguageModelV1Middleware = {
  async wrapStream({ doStream, params }) {
    const usedIds = callIdsIn(params.prompt);
    const result = await doStream();
    // Most conversations have no calls: spare them the extra stream.
    if (usedIds.size === 0) return result;
    const replacements = new Map<string, string>();
    const stream = result.stream.pipeThrough(
      new TransformStream<LanguageModelV1StreamPart, LanguageModelV1StreamPart>({
        transform(part, controller) {
          const isCall = part.type === 'tool-call' || part.type === 'tool-call-delta';
          if (!isCall || !usedIds.has(part.toolCallId)) return controller.enqueue(part);
          const toolCallId = replacements.get(part.toolCallId) ?? `call_${randomUUID()}`;
          replacements.set(part.toolCallId, toolCallId);
          controller.enqueue({ ...part, toolCallId });
        },
      }),
    );
    return { ...result, stream };
  },
};

function callIdsIn(prompt: LanguageModelV1CallOptions['prompt']): Set<string> {
  const ids = new Set<string>();
  for (const { role, content } of prompt) {
    if (role !== 'assistant') continue;
    for (const part of content) if (part.type === 'tool-call') ids.add(part.toolCallId);
  }
  return ids;
}
