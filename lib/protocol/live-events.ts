/**
 * Changes to the user's chats, made in any tab. A live event carries no data, it tells the client to
 * refetch: after a gap the client refetches everything on the page.
 */
export type LiveEvent =
  /** The stream has started; earlier events are not in it. */
  | { type: 'ready' }
  /** A run has started in the chat; a client that displays the chat can follow it. */
  | { type: 'run-started'; chatId: string; messageId: string }
  /** The chat's answer has ended and is saved. */
  | { type: 'run-ended'; chatId: string; messageId: string }
  /** The chat's title or settings have changed. */
  | { type: 'chat-updated'; chatId: string }
  | { type: 'chat-deleted'; chatId: string }
  /** A deleted chat exists again. */
  | { type: 'chat-restored'; chatId: string }
  /** Another branch of the chat was selected; the chat's `updatedAt` since then. */
  | { type: 'branch-selected'; chatId: string; updatedAt: string }
  /** Messages of the chat were queued, changed, sent or not sent. */
  | { type: 'queue-changed'; chatId: string }
  /** The document has a new version, another title, or other suggestions. */
  | { type: 'document-updated'; chatId: string; documentId: string; version: number }
  /** The user's settings have changed. */
  | { type: 'settings-updated' };

/** Whether an event of this type names a chat. */
const NAMES_CHAT: Record<LiveEvent['type'], boolean> = {
  ready: false,
  'run-started': true,
  'run-ended': true,
  'chat-updated': true,
  'chat-deleted': true,
  'chat-restored': true,
  'branch-selected': true,
  'queue-changed': true,
  'document-updated': true,
  'settings-updated': false,
};

/** Parses the JSON of a LiveEvent; undefined if it is invalid or unknown to this version. */
export function parseLiveEvent(json: string): LiveEvent | undefined {
  try {
    const event = JSON.parse(json) as { type?: unknown; chatId?: unknown } | null;
    const type = event?.type as LiveEvent['type'];
    if (!Object.hasOwn(NAMES_CHAT, type)) return undefined;
    return NAMES_CHAT[type] && typeof event?.chatId !== 'string' ? undefined : (event as LiveEvent);
  } catch {
    return undefined;
  }
}
