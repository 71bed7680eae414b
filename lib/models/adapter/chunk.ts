/** One chunk of a streamed chat completion, in the many forms that endpoints send. Pure. */

export type ChunkPieces = {
  /** The endpoint's error, in whatever form; undefined where the chunk is none. */
  error?: unknown;
  reasoning: string;
  text: string;
  toolCalls: unknown[];
  finishReason: string | null;
  usage: { prompt: number | null; completion: number | null } | null;
  /** The model's own name for what answers, and the answer's id. */
  id: string | null;
  model: string | null;
};

/** @returns null for what is no chunk at all. */
export function readChunk(value: unknown): ChunkPieces | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const chunk = value as Record<string, unknown>;
  const pieces: ChunkPieces = {
    reasoning: '',
    text: '',
    toolCalls: [],
    finishReason: null,
    usage: readUsage(chunk.usage),
    id: typeof chunk.id === 'string' ? chunk.id : null,
    model: typeof chunk.model === 'string' ? chunk.model : null,
  };
  if (isError(chunk)) return { ...pieces, error: chunk };
  const choices = chunk.choices;
  if (choices === undefined || choices === null) return pieces.usage ? pieces : null;
  if (!Array.isArray(choices)) return null;
  const choice: unknown = choices[0];
  if (typeof choice !== 'object' || choice === null) return pieces;
  const { delta, message, finish_reason: finish } = choice as Record<string, unknown>;
  if (typeof finish === 'string' && finish !== '') pieces.finishReason = finish;
  if (finish === 'error') return { ...pieces, error: choice };
  addDelta(pieces, delta ?? message);
  return pieces;
}

function isError(chunk: Record<string, unknown>): boolean {
  if (chunk.error !== undefined && chunk.error !== null && chunk.error !== false) return true;
  if (chunk.object === 'error' || chunk.type === 'error') return true;
  return chunk.choices === undefined && (chunk.detail !== undefined || chunk.message !== undefined);
}

function addDelta(pieces: ChunkPieces, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const delta = value as Record<string, unknown>;
  const { content, reasoning_content, reasoning, refusal, tool_calls, function_call } = delta;
  if (typeof content === 'string') pieces.text = content;
  else if (Array.isArray(content)) addParts(pieces, content);
  if (typeof refusal === 'string') pieces.text += refusal;
  // vLLM renamed the first to the second, and some gateways send both with the same text.
  if (typeof reasoning_content === 'string') pieces.reasoning += reasoning_content;
  else if (typeof reasoning === 'string') pieces.reasoning += reasoning;
  if (Array.isArray(tool_calls)) pieces.toolCalls = tool_calls;
  else if (function_call) pieces.toolCalls = [{ index: 0, function: function_call }];
}

/** Content as a list of typed parts, as Mistral sends it. */
function addParts(pieces: ChunkPieces, parts: unknown[]): void {
  for (const part of parts) {
    if (typeof part !== 'object' || part === null) continue;
    const { type, text, thinking } = part as Record<string, unknown>;
    if (type === 'thinking' && Array.isArray(thinking)) {
      for (const inner of thinking) {
        const { text: thought } = (inner ?? {}) as Record<string, unknown>;
        if (typeof thought === 'string') pieces.reasoning += thought;
      }
    } else if (type === 'text' && typeof text === 'string') {
      pieces.text += text;
    }
  }
}

function readUsage(value: unknown): ChunkPieces['usage'] {
  if (typeof value !== 'object' || value === null) return null;
  const { prompt_tokens: prompt, completion_tokens: completion } = value as Record<string, unknown>;
  const usage = {
    prompt: typeof prompt === 'number' ? prompt : null,
    completion: typeof completion === 'number' ? completion : null,
  };
  return usage.prompt === null && usage.completion === null ? null : usage;
}
