/** A chat completion request, as far as scripts read it. Pure. */

export type ChatMessage = {
  role: string;
  content?: unknown;
  tool_calls?: unknown;
  tool_call_id?: unknown;
};

export type ChatCompletionRequest = {
  model: string;
  messages: ChatMessage[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  tools?: Array<{ function?: { name?: string } }>;
};

/** @returns null if the value is not such a request. */
export function parseChatCompletionRequest(value: unknown): ChatCompletionRequest | null {
  if (typeof value !== 'object' || value === null) return null;
  const { model, messages } = value as Record<string, unknown>;
  if (typeof model !== 'string' || !Array.isArray(messages)) return null;
  return value as ChatCompletionRequest;
}

/** A message's text, whether its content is a string or a list of parts. */
export function contentText(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (typeof part?.text === 'string' ? part.text : ''))
    .filter((text) => text !== '')
    .join('\n');
}

export function lastUserText(request: ChatCompletionRequest): string {
  return contentText(request.messages.findLast(({ role }) => role === 'user'));
}

export function hasTool(request: ChatCompletionRequest, name: string): boolean {
  return request.tools?.some((tool) => tool.function?.name === name) ?? false;
}

/** The results of the tools called since the last user message, oldest first. */
export function toolResults(request: ChatCompletionRequest): string[] {
  const lastUser = request.messages.findLastIndex(({ role }) => role === 'user');
  return request.messages
    .slice(lastUser + 1)
    .filter(({ role }) => role === 'tool')
    .map(contentText);
}
