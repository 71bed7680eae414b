/** The chat whose last answer to continue as soon as it is displayed. */
let pendingChatId: string | null = null;

export function requestContinue(chatId: string): void {
  pendingChatId = chatId;
}

/** Whether to continue the last answer of this chat; true once. */
export function takeContinueRequest(chatId: string): boolean {
  const isRequested = pendingChatId === chatId;
  if (isRequested) pendingChatId = null;
  return isRequested;
}
