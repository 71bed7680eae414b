/**
 * Whether an answer that came to an end is not whole, by the model's word for why it stopped: its own
 * limit of length, or ours of rounds in which it uses tools.
 */
export function isTruncated(finishReason: string | null | undefined): boolean {
  return finishReason === 'length' || finishReason === 'tool-calls';
}
