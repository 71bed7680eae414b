import { randomUUID } from 'node:crypto';
import type { ChatDetail, SendMessageBody } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';
import type { TestUser } from '@/tests/support/test-user';

/** What came of something that a window asked for: the answer's message, or why it was refused. */
export type SendResult = { answerId: string } | { code: string; message: string };

/**
 * One window of a chat, which acts on what it has seen last: that may be out of date.
 */
export class ChatTab {
  view: StoredMessage[] = [];

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

  /** "Try again" under the last answer of the view; null where there is none. */
  retry(): Promise<SendResult> | null {
    const body = this.bodyFor('retryOf');
    return body && this.sendBody({ ...body, answerId: randomUUID() });
  }

  /** "Continue" under the last answer of the view; null where there is none. */
  continue(): Promise<SendResult> | null {
    const body = this.bodyFor('continueOf');
    return body && this.sendBody(body);
  }

  /** Opens another version, as the switcher does. @returns the code of a refusal, or the view */
  async select(messageId: string): Promise<string | string[]> {
    const response = await this.user.fetch(`/api/chat/${this.chatId}/branch`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messageId }),
    });
    if (!response.ok) return ((await response.json()) as { code: string }).code;
    this.view = ((await response.json()) as ChatDetail).messages;
    return idsOf(this.view);
  }

  /** The versions that the switchers of the view lead to, besides those that are shown. */
  otherVersions(): string[] {
    return this.view.flatMap(({ id, versions = [] }) => versions.filter((other) => other !== id));
  }

  private bodyFor(field: 'retryOf' | 'continueOf'): SendMessageBody | null {
    const [question, answer] = this.view.slice(-2);
    if (!question || answer?.role !== 'assistant') return null;
    const at = { id: this.chatId, parentId: question.parentId, messageId: question.id };
    return this.user.messageBody(question.content, { ...at, [field]: answer.id });
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

/** Everything that the switchers lead to from the open branch, however many steps it takes. */
export async function collectReachable(window: ChatTab): Promise<Set<string>> {
  const found = new Set<string>();
  const walk = async (ids: string[]): Promise<void> => {
    for (const id of ids) found.add(id);
    for (const other of window.otherVersions()) {
      if (found.has(other)) continue;
      const opened = await window.select(other);
      if (typeof opened === 'string') throw new Error(`${other} cannot be opened: ${opened}`);
      await walk(opened);
    }
  };
  await walk(await window.refresh());
  // Steps back to branches whose own forks were left out while another one was open.
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const id of [...found]) {
      await window.select(id);
      await walk(idsOf(window.view));
    }
  }
  return found;
}
