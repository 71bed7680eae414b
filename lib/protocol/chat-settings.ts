/**
 * The settings of a chat, one entry each. An entry has the name of its column in the table `chat`;
 * `lib/server/chat/chat-settings.ts` validates it. Null stands for the default of a text.
 */
export type ChatSettings = {
  /** The `ModelInfo.ref` of the model that was chosen or used last. */
  modelRef: string | null;
  /** The user's instructions for the model: part of the system prompt of each request. */
  systemPrompt: string | null;
  /**
   * Whether the chat is not in the history and is deleted a day after its last use. Only the first
   * message sets it.
   */
  temporary: boolean;
};

export const DEFAULT_CHAT_SETTINGS: ChatSettings = {
  modelRef: null,
  systemPrompt: null,
  temporary: false,
};

export const CHAT_SETTING_KEYS = Object.keys(DEFAULT_CHAT_SETTINGS) as Array<keyof ChatSettings>;

/** The settings that can be changed while a chat exists. */
export type ChangeableChatSettings = Omit<ChatSettings, 'temporary'>;

/** The settings that the first message of a chat carries. Its model is that of the message. */
export type NewChatSettings = Partial<Omit<ChatSettings, 'modelRef'>>;
