/**
 * Whether a finished answer is truncated, judged by its finish reason: the model's length limit
 * (`length`), or the app's limit of tool steps (`tool-calls`).
 */
export function isTruncated(finishReason: string | null | undefined): boolean {
  return finishReason === 'length' || finishReason === 'tool-calls';
}
