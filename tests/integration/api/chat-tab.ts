import { randomUUID } from 'node:crypto';
import type { ChatDetail, SendMessageBody } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';
import { type ReadMessage, readMessage, type TestUser } from '@/tests/support/test-user';

/** The result of a send: the id of the answer's message, or the error. */
export type SendResult = { answerId: string } | { code: string; message: string };

/** One tab of a chat. It acts on the messages of its last refresh, which may be outdated. */
export class ChatTab {
  view: ReadMessage[] = [];

  constructor(
    private readonly user: TestUser,
    readonly chatId: string,
  ) {}

  async refresh(): Promise<string[]> {
    this.view = (await this.user.getChat(this.chatId)).messages;
    return idsOf(this.view);
  }

  send(text: string): Promise<SendResult> {
    const parentId = this.view.at(-1)?.id ?? null;
    return this.sendBody(this.user.messageBody(text, { id: this.chatId, parentId }));
  }

  /** "Try again" under the last answer of the view; null if there is none. */
  regenerate(): Promise<SendResult> | null {
    const body = this.bodyFor('retryOf');
    return body && this.sendBody({ ...body, answerId: randomUUID() });
  }

  /** "Regenerate" under an answer of the view. */
  regenerateAt(index: number): Promise<SendResult> {
    const answer = this.view[index] as ReadMessage;
    const userMessage = this.view[index - 1] as ReadMessage;
    const { id: messageId, parentId } = userMessage;
    return this.sendBody({
      ...this.user.messageBody('', { id: this.chatId, parentId, messageId, retryOf: answer.id }),
      answerId: randomUUID(),
      branchEnd: this.view.at(-1)?.id,
    });
  }

  /** "Edit" of a user message of the view. */
  edit(index: number, text: string): Promise<SendResult> {
    const { id: editOf, parentId } = this.view[index] as ReadMessage;
    const branchEnd = this.view.at(-1)?.id;
    return this.sendBody(
      this.user.messageBody(text, { id: this.chatId, parentId, editOf, branchEnd }),
    );
  }

  /** "Delete this version". @returns the error code or the new view */
  delete(messageId: string): Promise<string | string[]> {
    return this.changeBranch(`message/${messageId}`, { method: 'DELETE' });
  }

  /** "Undo" of `delete`. @returns the error code or the new view */
  restore(messageId: string): Promise<string | string[]> {
    return this.changeBranch(`message/${messageId}/restore`, { method: 'POST' });
  }

  /** "Continue" under the last answer of the view; null if there is none. */
  continue(): Promise<SendResult> | null {
    const body = this.bodyFor('continueOf');
    return body && this.sendBody(body);
  }

  /** Opens another version, as the switcher does. @returns the error code or the new view */
  select(messageId: string): Promise<string | string[]> {
    return this.changeBranch('branch', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messageId }),
    });
  }

  private async changeBranch(path: string, init: RequestInit): Promise<string | string[]> {
    const response = await this.user.fetch(`/api/chat/${this.chatId}/${path}`, init);
    if (!response.ok) return ((await response.json()) as { code: string }).code;
    this.view = ((await response.json()) as ChatDetail).messages.map(readMessage);
    return idsOf(this.view);
  }

  /** Ids of the versions in the switchers of the view, without the displayed ones. */
  otherVersions(): string[] {
    return this.view.flatMap(({ id, versions = [] }) => versions.filter((other) => other !== id));
  }

  private bodyFor(field: 'retryOf' | 'continueOf'): SendMessageBody | null {
    const [userMessage, answer] = this.view.slice(-2);
    if (!userMessage || answer?.role !== 'assistant') return null;
    const at = { id: this.chatId, parentId: userMessage.parentId, messageId: userMessage.id };
    return this.user.messageBody(userMessage.content, { ...at, [field]: answer.id });
  }

  private async sendBody(body: SendMessageBody): Promise<SendResult> {
    const answer = await this.user.send(body);
    if (!answer.ok) return await answer.readError();
    await answer.readToEnd();
    return { answerId: answer.response.headers.get('x-message-id') as string };
  }
}

export function idsOf(messages: readonly StoredMessage[]): string[] {
  return messages.map(({ id }) => id);
}

/** Returns the ids of all messages that the switchers reach from the active branch. */
export async function collectReachable(tab: ChatTab): Promise<Set<string>> {
  const found = new Set<string>();
  const walk = async (ids: string[]): Promise<void> => {
    for (const id of ids) found.add(id);
    for (const other of tab.otherVersions()) {
      if (found.has(other)) continue;
      const opened = await tab.select(other);
      if (typeof opened === 'string') throw new Error(`${other} cannot be opened: ${opened}`);
      await walk(opened);
    }
  };
  await walk(await tab.refresh());
  // Repeats until nothing new is found: a branch shows its own forks only while it is open.
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const id of [...found]) {
      await tab.select(id);
      await walk(idsOf(tab.view));
    }
  }
  return found;
}
