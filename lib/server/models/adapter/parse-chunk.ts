/** Parses one chunk of a streamed chat completion, in the many forms that endpoints send. Pure. */

export type ParsedChunk = {
  /** The endpoint's error, in any form; undefined if the chunk is not an error. */
  error?: unknown;
  reasoning: string;
  /** Entries of `reasoning_details`; empty if the reasoning also came as text. */
  reasoningDetails: unknown[];
  text: string;
  toolCalls: unknown[];
  finishReason: string | null;
  /** The content is a full message, which includes what streamed before. */
  isFullMessage: boolean;
  usage: { prompt: number | null; completion: number | null } | null;
  /** The response id and the model name that the endpoint reports. */
  id: string | null;
  model: string | null;
  /** The index of the parsed choice; null without one. */
  choiceIndex: number | null;
};

/** Finish reasons that report a failure (SGLang and vLLM, Zhipu, DeepSeek). */
const FAILURE_REASONS = /^(?:error|abort|network_error|insufficient_system_resource)$/;
const NO_REASON = /^(?:|null|none)$/i;

/**
 * @param choiceIndex index of the choice to parse; null: the first one of the chunk.
 * @returns null if the value is not a chunk.
 */
export function parseChunk(value: unknown, choiceIndex: number | null = null): ParsedChunk | null {
  const chunk = asRecord(Array.isArray(value) ? value[0] : value);
  if (!chunk) return null;
  const parsed: ParsedChunk = {
    reasoning: '',
    reasoningDetails: [],
    text: '',
    toolCalls: [],
    finishReason: null,
    isFullMessage: false,
    usage: parseUsage(chunk.usage),
    id: typeof chunk.id === 'string' ? chunk.id : null,
    model: typeof chunk.model === 'string' ? chunk.model : null,
    choiceIndex: null,
  };
  if (isError(chunk)) return { ...parsed, error: chunk };
  const choice = pickChoice(chunk.choices, choiceIndex);
  if (!choice) return Array.isArray(chunk.choices) || parsed.usage ? parsed : null;
  parsed.choiceIndex = indexOf(choice);
  const { delta, message, text, finish_reason: finish } = choice;
  if (typeof finish === 'string' && !NO_REASON.test(finish)) parsed.finishReason = finish;
  if (parsed.finishReason && FAILURE_REASONS.test(parsed.finishReason))
    return { ...parsed, error: choice };
  const content = isNonEmpty(delta) ? asRecord(delta) : asRecord(message);
  if (content) addDelta(parsed, content);
  else parsed.text = asCleanString(text);
  parsed.isFullMessage = content !== null && content === message;
  return parsed;
}

function asRecord(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return value as Record<string, unknown>;
}

/** Removes U+0000, which neither the database nor a page can hold. */
function asCleanString(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value.includes('\0') ? value.replaceAll('\0', '') : value;
}

function pickChoice(choices: unknown, index: number | null): Record<string, unknown> | null {
  if (!Array.isArray(choices)) return null;
  const records = choices.map(asRecord).filter((choice) => choice !== null);
  if (index === null) return records[0] ?? null;
  return records.find((choice) => indexOf(choice) === index) ?? null;
}

function indexOf({ index }: Record<string, unknown>): number {
  return toNumber(index) || 0;
}

/** Returns NaN for anything but a number or a text: converting an object may throw. */
function toNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

function isError(chunk: Record<string, unknown>): boolean {
  if (isNonEmpty(chunk.error) || chunk.object === 'error' || chunk.type === 'error') return true;
  if (Array.isArray(chunk.choices)) return false;
  const base = asRecord(chunk.base_resp);
  if (base && toNumber(base.status_code) > 0) return true;
  return ['detail', 'message', 'error_msg', 'errors'].some((field) => isNonEmpty(chunk[field]));
}

function isNonEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Boolean(value);
  return Object.keys(value).length > 0;
}

function addDelta(parsed: ParsedChunk, delta: Record<string, unknown>): void {
  const { content, refusal, reasoning_details, tool_calls, function_call } = delta;
  if (Array.isArray(content)) addParts(parsed, content);
  else parsed.text = asCleanString(content);
  parsed.text += asCleanString(refusal);
  // Gateways send several of these fields with the same text, or with all but one empty.
  parsed.reasoning +=
    asCleanString(delta.reasoning_content) ||
    asCleanString(delta.reasoning) ||
    asCleanString(delta.thinking);
  if (parsed.reasoning === '' && Array.isArray(reasoning_details)) {
    parsed.reasoningDetails = reasoning_details;
  }
  if (Array.isArray(tool_calls)) parsed.toolCalls = tool_calls;
  else if (function_call) parsed.toolCalls = [{ index: 0, function: function_call }];
}

/** Adds content that is a list of typed parts, as Mistral sends it. */
function addParts(parsed: ParsedChunk, parts: unknown[]): void {
  for (const part of parts) {
    const { type, text, thinking } = asRecord(part) ?? {};
    if (type === 'thinking' && Array.isArray(thinking)) {
      for (const inner of thinking) parsed.reasoning += asCleanString(asRecord(inner)?.text);
    } else if (type === 'thinking' || type === 'reasoning') {
      parsed.reasoning += asCleanString(thinking) || asCleanString(text);
    } else if (type === 'text' || type === 'output_text') {
      parsed.text += asCleanString(text);
    }
  }
}

function parseUsage(value: unknown): ParsedChunk['usage'] {
  const { prompt_tokens: prompt, completion_tokens: completion } = asRecord(value) ?? {};
  const usage = {
    prompt: typeof prompt === 'number' ? prompt : null,
    completion: typeof completion === 'number' ? completion : null,
  };
  return usage.prompt === null && usage.completion === null ? null : usage;
}
