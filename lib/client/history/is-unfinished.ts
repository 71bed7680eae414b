import type { ChatSummary } from '@/lib/protocol/api';

/** Whether an answer of the chat is being generated, or was interrupted. */
export function isUnfinished({ live, interrupted }: ChatSummary): boolean {
  return live || interrupted;
}
