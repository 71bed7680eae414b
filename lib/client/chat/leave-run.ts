import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';

/**
 * Stops following the running answer, which continues on the server. Resolves when the messages can
 * be changed; the caller then displays something else.
 */
export async function leaveRun({ chat, requestRef }: ConversationInternals): Promise<void> {
  const { current: request } = requestRef;
  if (!request) return;
  const left = new Promise<void>((resolve) => {
    request.onLeft = resolve;
  });
  // Aborting a pending send could keep the message from reaching the server.
  if (request.kind === 'send') await request.outcome;
  if (requestRef.current === request && !request.isSettling) chat.current.stop();
  await left;
}
